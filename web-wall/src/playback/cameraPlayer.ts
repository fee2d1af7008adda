import type { Segment } from '@mingjing/contracts';
import type { Blocks } from './blocks.ts';
import type { PlaybackClock } from './clock.ts';
import { follow, JumpCount } from './follow.ts';
import { BufferFull, MediaTrack, Unplayable } from '../video/mediaTrack.ts';
import { isComing, nextToFetch, segmentAfter, segmentAt, toLetGo, windowOf } from './segmentPlan.ts';

/** Why there is no picture: the index or the film could not be fetched, or the browser cannot play it. */
export type Trouble = 'index' | 'film' | 'codec';

export interface CameraView {
  state: 'loading' | 'showing' | 'gap' | 'trouble';
  trouble: Trouble | null;
  /** In a gap: when the next recording begins, as far as is known. ms since the epoch. */
  nextAt: number | null;
  /** It is being recorded: it can be shown once its segment is whole. */
  coming: boolean;
  /** The decoder cannot follow at this rate: single pictures are shown. */
  stills: boolean;
}

export interface CameraPlayerOptions {
  video: HTMLVideoElement;
  clock: PlaybackClock;
  /** What was recorded; the player asks for what it needs. */
  index: Blocks<Segment>;
  /** The bytes of a segment; null when it is there no more. */
  fetchFilm: (segment: Segment, signal: AbortSignal) => Promise<ArrayBuffer | null>;
  /** ms that never go back. */
  now: () => number;
  changed: (view: CameraView) => void;
  /** The present, in ms since the epoch. */
  present: () => number;
  /** A frame was drawn: the wall-clock time of it, in ms since the epoch. */
  drawn: (at: number) => void;
}

/** A film that could not be fetched is asked for again after so long. In ms. */
const RETRY_MS = 3000;
/** Single pictures, when the decoder cannot follow, this often. In ms. */
const STILL_EVERY_MS = 250;
/** A jump is waited for so long, and only at rates at which waiting is not worse than being a little late. In ms. */
const SEEK_MS = 1500;
const FASTEST_IN_STEP = 4;
/** A frame of a camera that has not shown two yet. In ms. */
const FRAME_MS = 40;

/** Plays one camera's recordings by the clock. tick() makes it look what is to be done; it keeps no timer of its own. */
export class CameraPlayer {
  readonly #options: CameraPlayerOptions;
  readonly #held = new Map<number, Segment>();
  readonly #failed = new Map<number, number>();
  readonly #jumps = new JumpCount();
  #track: MediaTrack;
  #fetching: { segment: Segment; abort: AbortController } | null = null;
  #trouble: Trouble | null = null;
  #view: CameraView = { state: 'loading', trouble: null, nextAt: null, coming: false, stills: false };
  #lastStill = 0;
  #lastRate = 1;
  #frameMs = FRAME_MS;
  #lastFrame = 0;
  #soughtAt = 0;
  /** How long the last jump took: a clock that does not wait is so much further when the picture is there. */
  #seekTook = 0;
  #closed = false;

  constructor(options: CameraPlayerOptions) {
    this.#options = options;
    this.#track = new MediaTrack(options.video, options.clock.at);
    this.#listenToFrames();
  }

  get view(): CameraView {
    return this.#view;
  }

  /** How long one frame is shown, in ms, as far as is known. */
  get frameMs(): number {
    return this.#frameMs;
  }

  /** Whether the picture of this instant was recorded and is still on its way. */
  get isWaitedFor(): boolean {
    if (this.#view.state === 'loading') return true;
    const { video, clock, now } = this.#options;
    return clock.rate <= FASTEST_IN_STEP && video.seeking && now() - this.#soughtAt < SEEK_MS;
  }

  tick(): void {
    if (this.#closed) return;
    const { clock, index } = this.#options;
    const { at, rate } = clock;
    if (!this.#track.spans(at)) this.#begin(at);
    if (rate !== this.#lastRate) this.#jumps.forget();
    this.#lastRate = rate;
    const { from, to } = windowOf(at, rate);
    index.ensure(from, to);
    this.#pump();
    this.#show(at);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fetching?.abort.abort();
    this.#track.close();
  }

  /** Begins another film, around another day. */
  #begin(at: number): void {
    this.#track.close();
    this.#held.clear();
    this.#track = new MediaTrack(this.#options.video, at);
  }

  #listenToFrames(): void {
    const { video, drawn, clock, now } = this.#options;
    video.addEventListener('seeked', () => (this.#seekTook = now() - this.#soughtAt));
    const next = (_now: number, { mediaTime }: { mediaTime: number }): void => {
      if (this.#closed) return;
      const at = this.#track.instantOf(mediaTime);
      const since = at - this.#lastFrame;
      if (clock.rate <= 1 && since > 5 && since < this.#frameMs * 1.8 + 60)
        this.#frameMs = Math.min(since, 500);
      this.#lastFrame = at;
      drawn(at);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }

  #show(at: number): void {
    const { index, present } = this.#options;
    const recorded = segmentAt(index.items, at);
    if (!recorded) {
      this.#stand();
      if (isComing(index.items, at, present())) this.#tell('loading', { coming: true });
      else if (index.knows(at))
        this.#tell('gap', { nextAt: segmentAfter(index.items, at)?.startedAt ?? null });
      else if (index.failureAt(at) !== null) this.#tell('trouble', { trouble: 'index' });
      else this.#tell('loading');
      return;
    }
    if (!this.#track.holds(at) && at < recorded.endedAt) {
      this.#stand();
      // What was let go by the browser itself is fetched again.
      if (this.#held.has(recorded.startedAt) && this.#isCracked(recorded, at)) return;
      if (this.#failed.has(recorded.startedAt)) this.#tell('trouble', { trouble: this.#trouble ?? 'film' });
      else this.#tell('loading');
      return;
    }
    this.#follow(at);
    this.#tell('showing');
  }

  /** A segment whose first or last frames lie a little beside what the index says: the nearest frame is shown. */
  #isCracked({ startedAt, endedAt }: Segment, at: number): boolean {
    const middle = (startedAt + endedAt) / 2;
    if (!this.#track.holds(middle)) {
      this.#held.delete(startedAt);
      return false;
    }
    const { video } = this.#options;
    if (!video.seeking && Math.abs(this.#track.at - at) > 1000) this.#seek(middle);
    this.#tell('showing');
    return true;
  }

  #stand(): void {
    const { video } = this.#options;
    if (!video.paused) video.pause();
  }

  #follow(at: number): void {
    const { video, clock, now } = this.#options;
    const running = clock.playing && !clock.held;
    if (running && this.#jumps.tooMany && clock.rate > 1) {
      this.#stand();
      if (!video.seeking && now() - this.#lastStill > STILL_EVERY_MS) {
        this.#lastStill = now();
        this.#seek(at);
      }
      return;
    }
    const step = follow({ ahead: this.#track.at - at, rate: clock.rate, running, seeking: video.seeking });
    if (step.do === 'wait') return;
    if (step.do === 'seek') {
      if (running) this.#jumps.jumped(now());
      this.#seek(running && clock.rate > FASTEST_IN_STEP ? at + this.#seekTook * clock.rate : at);
    }
    if (step.do === 'run' && video.playbackRate !== step.rate) video.playbackRate = step.rate;
    if (!running) this.#stand();
    else if (video.paused) this.#run();
  }

  #seek(at: number): void {
    this.#soughtAt = this.#options.now();
    this.#track.seek(at);
  }

  #run(): void {
    const { video } = this.#options;
    video.play().catch((error: unknown) => {
      // Paused or let go before it began: the clock decides anew at the next tick.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (!this.#closed) this.#tell('trouble', { trouble: 'codec' });
    });
  }

  #pump(): void {
    const { clock, index, now } = this.#options;
    const { at, rate } = clock;
    const blocked = (segment: Segment): boolean =>
      this.#held.has(segment.startedAt) || (this.#failed.get(segment.startedAt) ?? 0) > now();
    const next = nextToFetch(index.items, at, rate, blocked);
    if (this.#fetching) {
      // Nobody waits for what the clock has left behind.
      const { segment, abort } = this.#fetching;
      const wanted = windowOf(at, rate);
      if (segment.endedAt < at - 1000 || (segment.startedAt > wanted.to && next)) abort.abort();
      return;
    }
    if (!next) return;
    const abort = new AbortController();
    this.#fetching = { segment: next, abort };
    void this.#take(next, abort.signal).finally(() => {
      this.#fetching = null;
      if (!this.#closed) this.tick();
    });
  }

  async #take(segment: Segment, signal: AbortSignal): Promise<void> {
    const { index, fetchFilm, now } = this.#options;
    const track = this.#track;
    let trouble: Trouble = 'film';
    try {
      const bytes = await fetchFilm(segment, signal);
      if (bytes === null) {
        index.remove(segment);
        return;
      }
      trouble = 'codec';
      await this.#letGo(track);
      await track.append(bytes, segment.mimeType, segment.startedAt, segment.mediaTime);
      if (track === this.#track) this.#held.set(segment.startedAt, segment);
      this.#failed.delete(segment.startedAt);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof BufferFull) await this.#makeRoom(track);
      this.#trouble = error instanceof Unplayable ? 'codec' : trouble;
      this.#failed.set(segment.startedAt, now() + (error instanceof BufferFull ? 100 : RETRY_MS));
    }
  }

  async #letGo(track: MediaTrack): Promise<void> {
    const { clock } = this.#options;
    for (const segment of toLetGo([...this.#held.values()], clock.at, clock.rate)) {
      await track.remove(segment.startedAt, segment.endedAt);
      this.#held.delete(segment.startedAt);
    }
  }

  /** The browser's buffer is smaller than wished for: only what is being shown stays. */
  async #makeRoom(track: MediaTrack): Promise<void> {
    const { at } = this.#options.clock;
    for (const segment of [...this.#held.values()]) {
      if (at >= segment.startedAt && at < segment.endedAt) continue;
      await track.remove(segment.startedAt, segment.endedAt);
      this.#held.delete(segment.startedAt);
    }
  }

  #tell(state: CameraView['state'], more: Partial<CameraView> = {}): void {
    const stills = state === 'showing' && this.#jumps.tooMany && this.#options.clock.rate > 1;
    const { view } = this;
    const next: CameraView = { state, trouble: null, nextAt: null, coming: false, stills, ...more };
    if (
      view.state === next.state &&
      view.trouble === next.trouble &&
      view.nextAt === next.nextAt &&
      view.coming === next.coming &&
      view.stills === next.stills
    )
      return;
    this.#view = next;
    this.#options.changed(this.#view);
  }
}
