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

const LOW = '存储空间不足，正在删除最早的录像 (the disk is nearly full: the oldest recordings are deleted)';
const FULL =
  '存储空间已满且没有可删除的录像，录像已暂停 (the disk is full and nothing may be deleted: recording is paused)';

/** Keeps room on the disk: the oldest recordings go first, evidence never. */
export class Room {
  readonly #options: RoomOptions;
  state: StorageState = { state: 'ok', freeBytes: 0, reason: null };

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** Recording makes sense now. */
  get open(): boolean {
    return this.state.state !== 'full';
  }

  /** Looks, and clears where there is too little. @param pressed the disk has just refused a write */
  async look(pressed = false): Promise<void> {
    const { catalogue, minFreeBytes, remove } = this.#options;
    let free = await this.#free();
    if (free >= minFreeBytes && !pressed) {
      this.state = { state: 'ok', freeBytes: free, reason: null };
      return;
    }
    let removed = 0;
    while (free < minFreeBytes * CLEAR || (pressed && removed === 0)) {
      const oldest = catalogue.oldest(AT_ONCE);
      if (oldest.length === 0) break;
      for (const segment of oldest) await remove(segment);
      removed += oldest.length;
      free = await this.#free();
    }
    const full = free < minFreeBytes || (pressed && removed === 0);
    this.state = { state: full ? 'full' : 'low', freeBytes: free, reason: full ? FULL : LOW };
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    return bavail * bsize;
  }
}
