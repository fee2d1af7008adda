import { createHash } from 'node:crypto';
import {
  access,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import type { Segment } from '@mingjing/contracts';
import { codeOf } from '../modules.ts';
import { FragmentSplitter } from '../fragments/splitter.ts';

type Key = Pick<Segment, 'camera' | 'startedAt'>;

/** The name of a segment being written; without this end it is whole. */
const PART = '.part';
const READ_AT_ONCE = 1 << 20;

/** Identifiers are any text; a hash is always a folder. The camera's own id lies in it, in a file of this name. */
const NAME_FILE = 'camera.txt';

export interface Found {
  file: string;
  camera: string;
  startedAt: number;
  /** Its writer was cut off. */
  cutOff: boolean;
}

/** Where the segments lie: FOLDER/<hash of the camera>/<UTC day>/<its beginning in ms>.mp4 */
export class SegmentFiles {
  readonly folder: string;
  /** What is being written now: nobody else's to salvage. */
  readonly #writing = new Set<string>();

  constructor(folder: string) {
    this.folder = path.resolve(folder);
  }

  /** The path of a whole segment. */
  path({ camera, startedAt }: Key): string {
    const day = new Date(startedAt).toISOString().slice(0, 10);
    return path.join(this.#cameraFolder(camera), day, `${startedAt}.mp4`);
  }

  /** Opens a new segment for writing. @throws Error of the system, with its code */
  async create(key: Key): Promise<FileHandle> {
    const file = this.path(key);
    await mkdir(path.dirname(file), { recursive: true });
    await this.#nameFolder(key.camera);
    this.#writing.add(`${file}${PART}`);
    return open(`${file}${PART}`, 'w');
  }

  /** The segment is whole. */
  async finish(key: Key): Promise<void> {
    const file = this.path(key);
    await rename(`${file}${PART}`, file);
    this.#writing.delete(`${file}${PART}`);
  }

  /** Whether a whole segment lies there. */
  async holds(key: Key): Promise<boolean> {
    try {
      await access(this.path(key));
      return true;
    } catch (problem) {
      if (codeOf(problem) === 'ENOENT') return false;
      throw problem;
    }
  }

  async remove(key: Key): Promise<void> {
    await rm(this.path(key), { force: true });
  }

  /** What was being written is not worth keeping. */
  async discard(key: Key): Promise<void> {
    const part = `${this.path(key)}${PART}`;
    await rm(part, { force: true });
    this.#writing.delete(part);
  }

  /** Every segment on the disk but those being written. Folders and files that are none of ours are passed over. */
  async *all(): AsyncGenerator<Found> {
    for (const entry of await foldersIn(this.folder)) {
      const camera = await readName(path.join(this.folder, entry));
      if (camera === undefined) continue;
      for (const day of await foldersIn(path.join(this.folder, entry))) {
        const folder = path.join(this.folder, entry, day);
        for (const name of await readdir(folder)) {
          const startedAt = /^(\d{1,16})\.mp4(\.part)?$/.exec(name);
          if (!startedAt) continue;
          const cutOff = startedAt[2] !== undefined;
          const file = path.join(folder, name);
          if (!this.#writing.has(file)) yield { file, camera, startedAt: Number(startedAt[1]), cutOff };
        }
      }
    }
  }

  async #nameFolder(camera: string): Promise<void> {
    const file = path.join(this.#cameraFolder(camera), NAME_FILE);
    try {
      await writeFile(file, camera, { flag: 'wx' });
    } catch (problem) {
      if (codeOf(problem) !== 'EEXIST') throw problem;
    }
  }

  #cameraFolder(camera: string): string {
    return path.join(this.folder, createHash('sha256').update(camera).digest('hex').slice(0, 32));
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (problem) {
    if (codeOf(problem) === 'ENOENT') return [];
    throw problem;
  }
}

async function readName(folder: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(folder, NAME_FILE), 'utf8');
  } catch (problem) {
    if (codeOf(problem) === 'ENOENT') return undefined;
    throw problem;
  }
}

/**
 * Reads what a segment on the disk says of itself; one that was cut off is shortened to its last whole fragment and
 * given its name.
 * @returns undefined, and the file is gone, when there is no whole fragment in it
 */
export async function salvage({ file, camera, startedAt, cutOff }: Found): Promise<Segment | undefined> {
  const read = await readSegment(file);
  if (!read) {
    await rm(file, { force: true });
    return undefined;
  }
  const { bytes, duration, ...said } = read;
  if (cutOff) {
    await truncate(file, bytes);
    await rename(file, file.slice(0, -PART.length));
  } else if ((await stat(file)).size !== bytes) await truncate(file, bytes);
  return { camera, startedAt, endedAt: startedAt + Math.max(1, Math.round(duration * 1000)), bytes, ...said };
}

interface Read extends Pick<Segment, 'bytes' | 'mimeType' | 'width' | 'height' | 'mediaTime'> {
  duration: number;
}

async function readSegment(file: string): Promise<Read | undefined> {
  let bytes = 0;
  let duration = 0;
  let first: number | undefined;
  let head: Pick<Read, 'mimeType' | 'width' | 'height'> | undefined;
  const splitter = new FragmentSplitter({
    onInit: ({ bytes: init, mimeType, width, height }) => {
      head = { mimeType, width, height };
      bytes += init.length;
    },
    onFragment: (fragment, times) => {
      first ??= times.mediaTime;
      duration = times.mediaTime + times.duration - first;
      bytes += fragment.length;
    },
  });
  const handle = await open(file);
  try {
    const piece = Buffer.alloc(READ_AT_ONCE);
    for (;;) {
      const { bytesRead } = await handle.read(piece);
      if (bytesRead === 0) break;
      splitter.push(Buffer.from(piece.subarray(0, bytesRead)));
    }
  } catch (problem) {
    // Half a write may have left anything at the end: what came before it is whole.
    if (!(problem instanceof RangeError)) throw problem;
  } finally {
    await handle.close();
  }
  return head && first !== undefined ? { ...head, bytes, duration, mediaTime: first } : undefined;
}
