import { statfs } from 'node:fs/promises';
import type { Segment, StorageState } from '@mingjing/contracts';
import type { Catalogue } from './catalogue.ts';

interface RoomOptions {
  folder: string;
  catalogue: Catalogue;
  /** So much of the disk stays free, in bytes. */
  minFreeBytes: number;
  remove: (segment: Segment) => Promise<void>;
}

/** More is cleared than is needed, so that not every segment has to clear for itself. */
const CLEAR = 1.1;
const AT_ONCE = 50;
/** Well above the mark the trouble is over: a disk that is kept just above it is still nearly full. */
const OVER = 1.25;
/** So much more must be free than when the disk refused a write, in bytes. */
const AFTER_REFUSAL = 4 * 1024 * 1024;

const LOW = '存储空间不足，正在删除最早的录像 (the disk is nearly full: the oldest recordings are deleted)';
const FULL =
  '存储空间已满且没有可删除的录像，录像已暂停 (the disk is full and nothing may be deleted: recording is paused)';

/** Keeps room on the disk: the oldest recordings go first, evidence never. */
export class Room {
  readonly #options: RoomOptions;
  state: StorageState = { state: 'ok', freeBytes: 0, reason: null };
  /** How much was free when the disk refused a write, until that is over. */
  #refusedAt: number | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** Recording makes sense now. */
  get open(): boolean {
    return this.state.state !== 'full';
  }

  /** Looks, and clears where there is too little. @param refused the disk has just refused a write */
  async look(refused = false): Promise<void> {
    const { catalogue, minFreeBytes, remove } = this.#options;
    let free = await this.#free();
    if (refused) this.#refusedAt = free;
    const mark = Math.max(minFreeBytes, this.#refusedAt === undefined ? 0 : this.#refusedAt + AFTER_REFUSAL);
    if (free >= (this.state.state === 'ok' ? mark : mark * OVER)) {
      this.#refusedAt = undefined;
      this.state = { state: 'ok', freeBytes: free, reason: null };
      return;
    }
    while (free < mark * CLEAR) {
      const oldest = catalogue.oldest(AT_ONCE);
      if (oldest.length === 0) break;
      for (const segment of oldest) await remove(segment);
      free = await this.#free();
    }
    const full = free < mark;
    this.state = { state: full ? 'full' : 'low', freeBytes: free, reason: full ? FULL : LOW };
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    return bavail * bsize;
  }
}
