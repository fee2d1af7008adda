import type { ScreenFrame } from '@mingjing/contracts';
import type { Blocks } from './blocks.ts';
import type { PlaybackClock } from './clock.ts';

export interface ScreenView {
  state: 'loading' | 'showing' | 'gap' | 'trouble';
  /** What stands on the screen; it stays while the next one is fetched. */
  frame: ScreenFrame | null;
  /** In a gap: when the next picture came, as far as is known. */
  nextAt: number | null;
}

export interface ScreenPlayerOptions {
  clock: PlaybackClock;
  index: Blocks<ScreenFrame>;
  /** Makes a picture ready to be shown without a flash. @throws when it cannot be had */
  prepare: (frame: ScreenFrame) => Promise<void>;
  changed: (view: ScreenView) => void;
}

/** How far around the clock is known, in ms. */
const AROUND_MS = 60_000;
/** A picture stands a little longer than it is known to have stood: the screen was looked at every half minute. */
const STOOD_MS = 35_000;

/** Pictures that stand for long are looked for so far, when they are stepped through. In ms. */
const BESIDE_MS = 30 * 60_000;
const MOST_REMEMBERED = 500;

/** The picture that a screen showed at an instant: the last one before it, if it is known to have stood so long. */
export function frameAt(frames: readonly ScreenFrame[], at: number): ScreenFrame | undefined {
  const frame = frames.findLast((held) => held.at <= at);
  if (!frame || at > frame.until + STOOD_MS) return undefined;
  return frame;
}

/** Shows what a counter screen showed, by the clock. */
export class ScreenPlayer {
  readonly #options: ScreenPlayerOptions;
  readonly #ready = new Set<string>();
  readonly #failed = new Set<string>();
  #preparing: string | null = null;
  #view: ScreenView = { state: 'loading', frame: null, nextAt: null };
  #closed = false;

  constructor(options: ScreenPlayerOptions) {
    this.#options = options;
  }

  get view(): ScreenView {
    return this.#view;
  }

  get isWaitedFor(): boolean {
    return this.#view.state === 'loading';
  }

  tick(): void {
    if (this.#closed) return;
    const { clock, index } = this.#options;
    const { at } = clock;
    index.ensure(at - AROUND_MS, at + AROUND_MS);
    const frame = frameAt(index.items, at);
    const next = index.items.find((held) => held.at > at);
    if (frame) this.#show(frame);
    else if (index.knows(at)) this.#tell('gap', null, next?.at ?? null);
    else if (index.failureAt(at) !== null) this.#tell('trouble', null);
    else this.#tell('loading', this.#view.frame);
    if (next && this.#view.state === 'showing') this.#prepare(next);
  }

  /** The picture of an instant, where it is known; what is not is not asked for. */
  pictureAt(at: number): ScreenFrame | undefined {
    return frameAt(this.#options.index.items, at);
  }

  /** When the picture after or before the one of an instant began; null where none is known (yet). */
  beside(at: number, direction: 1 | -1): number | null {
    const { index } = this.#options;
    const { items } = index;
    if (direction === 1) index.ensure(at, at + BESIDE_MS);
    else index.ensure(at - BESIDE_MS, at);
    const shown = items.findLastIndex((held) => held.at <= at);
    return items[shown + direction]?.at ?? null;
  }

  close(): void {
    this.#closed = true;
  }

  #show(frame: ScreenFrame): void {
    if (this.#ready.has(frame.sha256)) this.#tell('showing', frame);
    else if (this.#failed.has(frame.sha256)) this.#tell('trouble', null);
    else {
      this.#prepare(frame);
      this.#tell('loading', this.#view.frame);
    }
  }

  #prepare(frame: ScreenFrame): void {
    const { sha256 } = frame;
    if (this.#preparing !== null || this.#ready.has(sha256) || this.#failed.has(sha256)) return;
    this.#preparing = sha256;
    this.#options
      .prepare(frame)
      .then(
        () => this.#remember(this.#ready, sha256),
        () => this.#remember(this.#failed, sha256),
      )
      .finally(() => {
        this.#preparing = null;
        this.tick();
      });
  }

  #remember(where: Set<string>, sha256: string): void {
    // A day of a busy screen: what is forgotten is prepared anew.
    if (where.size >= MOST_REMEMBERED) where.clear();
    where.add(sha256);
  }

  #tell(state: ScreenView['state'], frame: ScreenFrame | null, nextAt: number | null = null): void {
    const { view } = this;
    if (view.state === state && view.frame === frame && view.nextAt === nextAt) return;
    this.#view = { state, frame, nextAt };
    this.#options.changed(this.#view);
  }
}
