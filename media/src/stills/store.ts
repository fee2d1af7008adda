import { createHash } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';

/** A kept still: where it lies and when it was taken (ms since the epoch). */
export interface Still {
  file: string;
  takenAt: number;
}

/** The last still of every camera, one file each. */
export class StillStore {
  readonly name = 'stills';
  readonly #folder: string;
  readonly #log: Log;
  /** One write per camera at a time; a still that comes meanwhile is dropped, the next is near. */
  readonly #writing = new Map<string, Promise<void>>();
  #lastProblem: string | undefined;

  constructor(dataDir: string, log: Log) {
    this.#folder = path.resolve(dataDir, 'stills');
    this.#log = log;
  }

  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  /** Keeps a still. Never throws: a full disk costs the still, and is logged once. */
  write(camera: string, jpeg: Buffer): void {
    if (this.#writing.has(camera)) return;
    const writing = this.#write(camera, jpeg).finally(() => this.#writing.delete(camera));
    this.#writing.set(camera, writing);
  }

  /** The last still of a camera. */
  async last(camera: string): Promise<Still | undefined> {
    const file = this.#file(camera);
    try {
      return { file, takenAt: (await stat(file)).mtimeMs };
    } catch (problem) {
      if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return undefined;
      throw problem;
    }
  }

  /** Waits until the still that is being written lies there. */
  async settled(camera: string): Promise<void> {
    await this.#writing.get(camera);
  }

  async #write(camera: string, jpeg: Buffer): Promise<void> {
    const file = this.#file(camera);
    try {
      await writeFile(`${file}.part`, jpeg);
      await rename(`${file}.part`, file);
      this.#lastProblem = undefined;
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem)
        this.#log.error({ camera, problem: message }, 'a still could not be kept');
      this.#lastProblem = message;
    }
  }

  /** Identifiers are any text; a hash is always a file name. */
  #file(camera: string): string {
    return path.join(this.#folder, `${createHash('sha256').update(camera).digest('hex').slice(0, 32)}.jpg`);
  }
}
