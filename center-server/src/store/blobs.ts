import { createHash, randomUUID } from 'node:crypto';
import { mkdir, opendir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Stills and segments by their SHA-256. One folder here; an S3 bucket can stand in its place. */
export interface BlobStore {
  /** Keeps bytes under their hash. @throws BlobMismatch when they do not have that hash */
  put(sha256: string, bytes: Buffer): Promise<'stored' | 'duplicate'>;
  /** @returns undefined when nothing is kept under that hash */
  get(sha256: string): Promise<Buffer | undefined>;
  /** Removes what is kept under a hash, if anything is. */
  remove(sha256: string): Promise<void>;
  /**
   * Removes what was last put before `before` (ms since the epoch) and is not to be kept, and what a
   * crash left half written. @returns how many were removed
   */
  sweep(before: number, isKept: (sha256: string) => boolean): Promise<number>;
  /** How many bytes were last put in each hour: hours since the epoch. */
  bytesByHour(): Promise<ReadonlyMap<number, number>>;
}

/** There is no room left to keep bytes; nothing of them was kept. */
export class StoreFull extends Error {
  override name = 'StoreFull';
}

/** The bytes are not what their name says. */
export class BlobMismatch extends Error {
  override name = 'BlobMismatch';
}

const SHA256 = /^[0-9a-f]{64}$/;

/** What is written aside for longer than this, ms, will not be finished any more. */
const UNFINISHED_MS = 3_600_000;
const HOUR_MS = 3_600_000;

function hasCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** Runs `work` unless what it is about is not there. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The names in a folder, one by one: there may be a million. */
async function* namesIn(folder: string): AsyncGenerator<string> {
  const entries = await ifThere(opendir(folder));
  if (!entries) return;
  for await (const { name } of entries) yield name;
}

/** Removes one file if its time is over. @returns whether it was */
async function sweepFile(
  file: string,
  before: number,
  isKept: (sha256: string) => boolean,
): Promise<boolean> {
  const found = await ifThere(stat(file));
  if (!found) return false;
  const name = path.basename(file);
  const isOver = SHA256.test(name)
    ? found.mtimeMs < before && !isKept(name)
    : found.mtimeMs < Date.now() - UNFINISHED_MS;
  if (isOver) await rm(file, { force: true });
  return isOver;
}

/** Opens the folder store below `dataDir`. Files lie in 256 folders by the first two digits. */
export function openBlobStore(dataDir: string): BlobStore {
  function fileOf(sha256: string): string {
    if (!SHA256.test(sha256))
      throw new BlobMismatch(`"${sha256.slice(0, 80)}" is not a SHA-256 in lower-case hex`);
    return path.join(dataDir, 'blobs', sha256.slice(0, 2), sha256);
  }
  const folder = path.join(dataDir, 'blobs');
  return {
    async put(sha256, bytes) {
      const file = fileOf(sha256);
      const actual = createHash('sha256').update(bytes).digest('hex');
      if (actual !== sha256) throw new BlobMismatch(`the bytes hash to ${actual}, not to ${sha256}`);
      // Its time begins anew: whoever sends it relies on it from now on.
      const at = new Date();
      if ((await ifThere(utimes(file, at, at).then(() => true))) === true) return 'duplicate';
      await mkdir(path.dirname(file), { recursive: true });
      // Written aside and renamed, so that a crash never leaves half a picture under a whole one's name.
      const aside = `${file}.${randomUUID()}`;
      try {
        await writeFile(aside, bytes, { flush: true });
        await rename(aside, file);
      } catch (error) {
        await rm(aside, { force: true });
        if (hasCode(error, 'ENOSPC', 'EDQUOT')) {
          throw new StoreFull(`there is no room left for pictures in ${dataDir}`, { cause: error });
        }
        throw error;
      }
      return 'stored';
    },
    get(sha256) {
      return ifThere(readFile(fileOf(sha256)));
    },
    async remove(sha256) {
      await rm(fileOf(sha256), { force: true });
    },
    async bytesByHour() {
      const byHour = new Map<number, number>();
      for await (const first of namesIn(folder)) {
        for await (const name of namesIn(path.join(folder, first))) {
          const found = await ifThere(stat(path.join(folder, first, name)));
          if (!found) continue;
          const hour = Math.floor(found.mtimeMs / HOUR_MS);
          byHour.set(hour, (byHour.get(hour) ?? 0) + found.size);
        }
      }
      return byHour;
    },
    async sweep(before, isKept) {
      let removed = 0;
      for await (const first of namesIn(folder)) {
        for await (const name of namesIn(path.join(folder, first))) {
          if (await sweepFile(path.join(folder, first, name), before, isKept)) removed += 1;
        }
      }
      return removed;
    },
  };
}
