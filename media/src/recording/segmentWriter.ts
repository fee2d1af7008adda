import type { FileHandle } from 'node:fs/promises';
import type { Segment } from '@mingjing/contracts';
import type { Fragment, FragmentInit, FragmentListener } from '../fragments/fragments.ts';
import type { SegmentFiles } from './files.ts';

export interface WriterOptions {
  camera: string;
  files: SegmentFiles;
  /** A segment lasts so long, and then until the next key frame, in ms. */
  segmentMs: number;
  /** A segment is whole and lies on the disk. */
  onSegment: (segment: Segment) => void;
  /** It could not be written, with the system's error; the next one is tried. */
  onProblem: (problem: unknown) => void;
  /** Whether a segment of the camera begins at an instant already. */
  isTaken?: (startedAt: number) => boolean;
}

/** Wall-clock time and media time may run apart so far inside a segment; then the next key frame begins another. */
const APART_MS = 500;
/** So far may a clock be set back that segments still follow one another; what is further back is another time. */
const FOLLOWS_MS = 60_000;
/** What waits for a slow disk, in bytes; beyond it the segment is given up. */
const MOST_WAITING = 64 * 1024 * 1024;

interface Open {
  init: FragmentInit;
  startedAt: number;
  /** When its first frame was by the clock; before `startedAt` where the clock was set back. */
  wallTime: number;
  mediaTime: number;
  /** Seconds of media time, after the last fragment. */
  endsAt: number;
  bytes: number;
  handle: Promise<FileHandle>;
  /** The writes so far; rejects with the first that failed. */
  written: Promise<void>;
}

/** Writes the film of one camera to the disk, in segments that begin with a key frame and play by themselves. */
export class SegmentWriter implements FragmentListener {
  readonly #options: WriterOptions;
  #init: FragmentInit | undefined;
  #open: Open | undefined;
  #lastEnd: number;
  #waiting = 0;
  #finishing: Promise<void> = Promise.resolve();

  /** @param lastEnd when the camera's last segment on the disk ends, ms since the epoch */
  constructor(options: WriterOptions, lastEnd = -Infinity) {
    this.#options = options;
    this.#lastEnd = lastEnd;
  }

  onInit(init: FragmentInit): void {
    this.#finish();
    this.#init = init;
  }

  onFragment(fragment: Fragment): void {
    if (fragment.keyframe && this.#isDue(fragment)) this.#begin(fragment);
    const open = this.#open;
    if (!open) return;
    this.#write(open, fragment.bytes);
    open.endsAt = fragment.mediaTime + fragment.duration;
  }

  /** Ends the segment at hand. @returns when everything lies on the disk */
  async close(): Promise<void> {
    this.#finish();
    await this.#finishing;
  }

  #isDue({ mediaTime, wallTime }: Fragment): boolean {
    if (!this.#open) return true;
    const lasted = (mediaTime - this.#open.mediaTime) * 1000;
    const apart = Math.abs(this.#open.wallTime + lasted - wallTime);
    return lasted >= this.#options.segmentMs || apart > APART_MS;
  }

  #begin({ mediaTime, wallTime }: Fragment): void {
    this.#finish();
    const init = this.#init;
    if (!init) return;
    const { camera, files } = this.#options;
    const startedAt = this.#startOf(wallTime);
    const handle = files.create({ camera, startedAt });
    const written = handle.then(() => undefined);
    this.#open = { init, startedAt, wallTime, mediaTime, endsAt: mediaTime, bytes: 0, handle, written };
    this.#write(this.#open, init.bytes);
  }

  /**
   * Where a segment begins. Segments never overlap where reckoned times jitter or a clock was set back a little:
   * they follow one another, and are told shorter until the clock has caught up. A clock that was set back by more
   * was wrong before, and nothing of either time is given up.
   */
  #startOf(wallTime: number): number {
    const overlap = this.#lastEnd - wallTime;
    let startedAt = overlap > 0 && overlap <= FOLLOWS_MS ? this.#lastEnd : wallTime;
    while (this.#options.isTaken?.(startedAt)) startedAt += 1;
    return startedAt;
  }

  #write(open: Open, bytes: Buffer): void {
    if (this.#waiting + bytes.length > MOST_WAITING) {
      open.written = Promise.reject(new Error('the disk is too slow for the recordings'));
      // Whoever finishes the segment hears of it.
      open.written.catch(() => undefined);
      this.#finish();
      return;
    }
    this.#waiting += bytes.length;
    open.bytes += bytes.length;
    const before = open.written;
    open.written = before
      .then(async () => {
        const handle = await open.handle;
        await handle.writeFile(bytes);
      })
      .finally(() => (this.#waiting -= bytes.length));
    open.written.catch(() => undefined);
  }

  #finish(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const { camera, files, onSegment, onProblem } = this.#options;
    const { init, startedAt, wallTime, mediaTime, bytes } = open;
    const endedAt = Math.max(startedAt + 1, wallTime + Math.round((open.endsAt - mediaTime) * 1000));
    this.#lastEnd = endedAt;
    const { mimeType, width, height } = init;
    const segment = { camera, startedAt, endedAt, bytes, mimeType, width, height, mediaTime };
    this.#finishing = this.#finishing.then(async () => {
      try {
        await open.written;
        const handle = await open.handle;
        await handle.datasync();
        await handle.close();
        await files.finish(segment);
        onSegment(segment);
      } catch (problem) {
        await this.#giveUp(open, segment);
        onProblem(problem);
      }
    });
  }

  /** Whatever was written of it goes: it may be short of a piece in its middle. */
  async #giveUp(open: Open, segment: Segment): Promise<void> {
    const closed = open.handle.then((handle) => handle.close());
    await closed.catch(() => undefined);
    await this.#options.files.discard(segment).catch(() => undefined);
  }
}
