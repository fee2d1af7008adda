import type { Millis } from '@mingjing/contracts';
import { pause } from '../outbox/backoff.ts';

/** The time that a play goes by. */
export interface PlayClock {
  now: () => Millis;
  /** Resolves when it is `at`, or when the signal is aborted. */
  until: (at: Millis, signal: AbortSignal) => Promise<void>;
}

/** The machine's own time. */
export const wallClock: PlayClock = {
  now: () => Date.now(),
  until: async (at, signal) => pause(Math.max(0, at - Date.now()), signal),
};

/**
 * Time that begins at `from` and passes `speed` times as fast as `base`, until it has caught up with it:
 * never in the future.
 */
export function acceleratedClock(base: PlayClock, from: Millis, speed: number): PlayClock {
  const begun = base.now();
  const now = () => Math.min(base.now(), from + (base.now() - begun) * speed);
  return {
    now,
    until: async (at, signal) => {
      while (now() < at && !signal.aborted) {
        await base.until(base.now() + Math.max(20, (at - now()) / speed), signal);
      }
    },
  };
}
