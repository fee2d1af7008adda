import type { FilmFragment } from '@mingjing/contracts';
import { BufferFull, MediaTrack } from './mediaTrack.ts';

/** So far behind the newest picture is shown, in ms: a fragment's length, and what the way varies. */
const BEHIND_MS = 500;
/** Further behind than this it catches up a little faster, and further than that it jumps. */
const HURRY_BEYOND_MS = 900;
const JUMP_BEYOND_MS = 2_500;
const HURRY_RATE = 1.1;
/** Pictures that were shown are kept for so long. */
const KEPT_MS = 15_000;

interface Head {
  mimeType: string;
  bytes: Uint8Array;
  /** Where the film's own time lies on the clock: the first fragment says. */
  begins: { wallTime: number; mediaTime: number } | null;
}

/** Plays a film as it comes, close to its end. */
export class FilmPlayer {
  readonly #video: HTMLVideoElement;
  readonly #failed: (reason: string) => void;
  #track: MediaTrack | null = null;
  #head: Head | null = null;
  #waiting: FilmFragment[] = [];
  #appending = false;
  #closed = false;
  #bytes = 0;

  /** @param failed told once when the film cannot be played */
  constructor(video: HTMLVideoElement, failed: (reason: string) => void) {
    this.#video = video;
    this.#failed = failed;
    // The element has nothing to play yet, and begins by itself when it has.
    video.autoplay = true;
  }

  /** How many bytes of film have come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How long ago what is shown was at the media host, in ms; null while nothing is. */
  get delay(): number | null {
    return this.#track && this.#video.readyState >= 2 ? Math.max(0, Date.now() - this.#track.at) : null;
  }

  /** Another film begins: what waits of the one before is not shown any more. */
  begin(mimeType: string, bytes: Uint8Array): void {
    this.#head = { mimeType, bytes, begins: null };
    this.#waiting = [];
  }

  push(fragment: FilmFragment): void {
    this.#bytes += fragment.bytes.byteLength;
    this.#waiting.push(fragment);
    if (!this.#appending) void this.#append();
  }

  close(): void {
    this.#closed = true;
    this.#track?.close();
    this.#video.playbackRate = 1;
  }

  async #append(): Promise<void> {
    this.#appending = true;
    try {
      while (this.#waiting.length > 0 && this.#head && !this.#closed) {
        await this.#appendWaiting(this.#head, this.#waiting.splice(0));
        await this.#follow();
      }
    } catch (error) {
      if (!this.#closed)
        this.#failed(error instanceof Error ? `${error.name} ${error.message}` : String(error));
    } finally {
      this.#appending = false;
    }
  }

  async #appendWaiting(head: Head, fragments: readonly FilmFragment[]): Promise<void> {
    const [first] = fragments;
    if (!first) return;
    const isNew = head.begins === null;
    head.begins ??= { wallTime: first.wallTime, mediaTime: first.mediaTime };
    const { wallTime, mediaTime } = head.begins;
    if (!this.#track?.spans(wallTime)) {
      this.#track?.close();
      this.#track = new MediaTrack(this.#video, wallTime);
    }
    const bytes = new Blob([
      ...(isNew ? [new Uint8Array(head.bytes)] : []),
      ...fragments.map((one) => new Uint8Array(one.bytes)),
    ]);
    const whole = await bytes.arrayBuffer();
    const add = () => this.#track?.append(whole, head.mimeType, wallTime, mediaTime);
    try {
      await add();
    } catch (error) {
      if (!(error instanceof BufferFull)) throw error;
      await this.#track.remove(0, this.#track.at - 1_000);
      await add();
    }
  }

  /** Keeps close to the end, and lets go of what was shown. */
  async #follow(): Promise<void> {
    const track = this.#track;
    const end = track?.end ?? null;
    if (!track || end === null || this.#closed) return;
    const behind = end - track.at;
    if (behind < 0 || behind > JUMP_BEYOND_MS || !track.holds(track.at)) {
      track.seek(Math.max(end - BEHIND_MS, this.#head?.begins?.wallTime ?? 0));
    }
    this.#video.playbackRate = behind > HURRY_BEYOND_MS ? HURRY_RATE : 1;
    await track.remove(0, track.at - KEPT_MS);
  }
}
