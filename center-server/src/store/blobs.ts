import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Stills and segments by their SHA-256. One folder here; an S3 bucket can stand in its place. */
export interface BlobStore {
  /** Keeps bytes under their hash. @throws BlobMismatch when they do not have that hash */
  put(sha256: string, bytes: Buffer): Promise<'stored' | 'duplicate'>;
  /** @returns undefined when nothing is kept under that hash */
  get(sha256: string): Promise<Buffer | undefined>;
}

/** The bytes are not what their name says. */
export class BlobMismatch extends Error {
  override name = 'BlobMismatch';
}

const SHA256 = /^[0-9a-f]{64}$/;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Opens the folder store below `dataDir`. Files lie in 256 folders by the first two digits. */
export function openBlobStore(dataDir: string): BlobStore {
  function fileOf(sha256: string): string {
    if (!SHA256.test(sha256))
      throw new BlobMismatch(`"${sha256.slice(0, 80)}" is not a SHA-256 in lower-case hex`);
    return path.join(dataDir, 'blobs', sha256.slice(0, 2), sha256);
  }
  return {
    async put(sha256, bytes) {
      const file = fileOf(sha256);
      const actual = createHash('sha256').update(bytes).digest('hex');
      if (actual !== sha256) throw new BlobMismatch(`the bytes hash to ${actual}, not to ${sha256}`);
      if ((await stat(file).catch(() => undefined)) !== undefined) return 'duplicate';
      await mkdir(path.dirname(file), { recursive: true });
      // Written aside and renamed, so that a crash never leaves half a picture under a whole one's name.
      const aside = `${file}.${randomUUID()}`;
      try {
        await writeFile(aside, bytes, { flush: true });
        await rename(aside, file);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
      return 'stored';
    },
    async get(sha256) {
      try {
        return await readFile(fileOf(sha256));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}
