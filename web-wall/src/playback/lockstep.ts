import type { PlaybackClock } from './clock.ts';

/** Something that is shown by the clock. */
export interface Player {
  tick: () => void;
  /** Whether what it is to show now is still on its way. */
  readonly isWaitedFor: boolean;
}

/** The others wait so long for one that is slow; then they go on without it. In ms. */
const PATIENCE_MS = 5000;

/** Several players in step: the clock waits while one of them has nothing to show yet, but not for ever. */
export class Lockstep {
  readonly #clock: PlaybackClock;
  readonly #now: () => number;
  readonly #players = new Set<Player>();
  #waitingSince: number | null = null;

  /** @param now ms that never go back */
  constructor(clock: PlaybackClock, now: () => number) {
    this.#clock = clock;
    this.#now = now;
  }

  /** @returns the way to leave */
  join(player: Player): () => void {
    this.#players.add(player);
    return () => {
      this.#players.delete(player);
    };
  }

  /** To be called many times a second. */
  tick(): void {
    for (const player of this.#players) player.tick();
    const waited = this.#clock.playing && [...this.#players].some(({ isWaitedFor }) => isWaitedFor);
    if (!waited) this.#waitingSince = null;
    else this.#waitingSince ??= this.#now();
    const patient = this.#waitingSince !== null && this.#now() - this.#waitingSince < PATIENCE_MS;
    this.#clock.hold(waited && patient);
  }
}
