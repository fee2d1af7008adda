/** How far a picture may lie from the clock before it is put right by a jump, in ms at normal speed. */
export const NEAR_ENOUGH_MS = 150;
/** A difference this small is left alone. */
const EXACT_MS = 15;
/** How much faster or slower than the clock a picture may run to catch up. */
const MOST_NUDGE = 0.25;
/** Browsers play no faster and no slower. */
const FASTEST = 16;
const SLOWEST = 0.0625;
/** A decoder that was put right so often within the time cannot follow. */
const TOO_MANY_JUMPS = 4;
const JUMPS_WITHIN_MS = 4000;

export interface Standing {
  /** How far the picture is ahead of the clock, in ms of wall-clock time; negative when it is behind. */
  ahead: number;
  rate: number;
  running: boolean;
  /** A jump is still on its way. */
  seeking: boolean;
}

export type Step = { do: 'wait' } | { do: 'seek' } | { do: 'stand' } | { do: 'run'; rate: number };

/** What a picture has to do to be where the clock is: run at a rate, stand, or jump. */
export function follow({ ahead, rate, running, seeking }: Standing): Step {
  if (seeking) return { do: 'wait' };
  if (!running) return Math.abs(ahead) > EXACT_MS ? { do: 'seek' } : { do: 'stand' };
  // What is 150 ms at normal speed is passed in no time at sixteen times that.
  if (Math.abs(ahead) > NEAR_ENOUGH_MS * Math.max(1, rate / 2)) return { do: 'seek' };
  if (Math.abs(ahead) <= EXACT_MS * rate) return { do: 'run', rate };
  const most = rate * MOST_NUDGE;
  // Even within half a second.
  const nudge = Math.max(-most, Math.min(most, -ahead / 500));
  return { do: 'run', rate: Math.max(SLOWEST, Math.min(FASTEST, rate + nudge)) };
}

/** Notices when a decoder cannot follow: jumps that put it right again and again. */
export class JumpCount {
  #jumps: number[] = [];

  /** @param now ms */
  jumped(now: number): void {
    this.#jumps = [...this.#jumps.filter((at) => at > now - JUMPS_WITHIN_MS), now];
  }

  forget(): void {
    this.#jumps = [];
  }

  get tooMany(): boolean {
    return this.#jumps.length >= TOO_MANY_JUMPS;
  }
}
