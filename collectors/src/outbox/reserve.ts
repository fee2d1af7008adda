import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { codeOf } from './errors.ts';

/** Enough for SQLite's log to take out many batches (a checkpoint every 1,000 pages of 4 KiB). */
const RESERVE_BYTES = 4 * 1024 * 1024;

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * A file whose only use is its size. On a full disk even taking events out of the outbox needs room
 * for the log: the reserve gives way then, and comes back when there is space.
 */
export class Reserve {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Frees the space. Returns whether there was any to free. */
  release(): boolean {
    const held = existsSync(this.#file);
    rmSync(this.#file, { force: true });
    return held;
  }

  /** Takes the space back. Returns false when the disk has none; the next call tries again. */
  restore(): boolean {
    if (existsSync(this.#file)) return true;
    const handle = openSync(this.#file, 'w');
    try {
      for (let left = RESERVE_BYTES; left > 0;)
        left -= writeSync(handle, Buffer.alloc(Math.min(left, 65_536)));
      fsyncSync(handle);
      return true;
    } catch (error) {
      if (!NO_SPACE.has(codeOf(error) ?? '')) throw error;
      rmSync(this.#file, { force: true });
      return false;
    } finally {
      closeSync(handle);
    }
  }
}
