/** How fast recordings can be played. */
export const RATES = [0.5, 1, 2, 4, 8, 16] as const;
export type Rate = (typeof RATES)[number];

/** The rate that text or a number stands for; 1 for anything that is none. */
export function rateOf(value: unknown): Rate {
  return RATES.find((rate) => rate === Number(value)) ?? 1;
}

interface Anchor {
  /** The instant that was shown at `since`, both in ms: one of wall-clock time, one of `now`. */
  at: number;
  since: number;
}

/**
 * The one clock that everything on a page plays by: an instant of wall-clock time that stands, or moves on at a rate.
 * All times are ms since the epoch; time itself is asked of `now`.
 */
export class PlaybackClock {
  readonly #now: () => number;
  readonly #latest: () => number;
  readonly #listeners = new Set<() => void>();
  #anchor: Anchor;
  #rate: Rate = 1;
  #playing = false;
  #held = false;

  /**
   * @param at where it stands at first
   * @param now ms that never go back (performance.now)
   * @param latest the end of what can be played: the clock does not run past it
   */
  constructor(at: number, now: () => number, latest: () => number = () => Number.MAX_SAFE_INTEGER) {
    this.#now = now;
    this.#latest = latest;
    this.#anchor = { at, since: now() };
  }

  /** The instant that is to be shown now. */
  get at(): number {
    const { at, since } = this.#anchor;
    const moved = this.#playing && !this.#held ? (this.#now() - since) * this.#rate : 0;
    return Math.max(0, Math.min(at + moved, this.#latest()));
  }

  get rate(): Rate {
    return this.#rate;
  }

  /** Whether it is meant to run; it may be held. */
  get playing(): boolean {
    return this.#playing;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Calls `listener` whenever the clock did anything but run on. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  play(): void {
    if (this.#playing) return;
    this.#set(() => (this.#playing = true));
  }

  pause(): void {
    if (!this.#playing) return;
    this.#set(() => (this.#playing = false));
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else this.play();
  }

  setRate(rate: Rate): void {
    if (rate === this.#rate) return;
    this.#set(() => (this.#rate = rate));
  }

  /** One rate up or down; stays at the ends. */
  changeRate(by: 1 | -1): void {
    const next = RATES[RATES.indexOf(this.#rate) + by];
    if (next !== undefined) this.setRate(next);
  }

  seek(at: number): void {
    if (!Number.isFinite(at)) return;
    this.#set(() => (this.#anchor.at = Math.max(0, Math.min(at, this.#latest()))));
  }

  /** Stands still, so many frames on or back. @param frameMs how long a frame is shown */
  step(frames: number, frameMs: number): void {
    const to = this.at + frames * frameMs;
    this.pause();
    this.seek(to);
  }

  /** Stands while what is to be shown is still on its way, without being paused. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#set(() => (this.#held = held));
  }

  #set(change: () => void): void {
    this.#anchor = { at: this.at, since: this.#now() };
    change();
    for (const listener of [...this.#listeners]) listener();
  }
}
