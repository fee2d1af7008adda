import type { Millis } from '@mingjing/contracts';

/** A stretch of time in which something was wrong, was well, or in which nobody knows. */
export interface Stretch {
  is: 'wrong' | 'well' | 'unknown';
  from: Millis;
}

export interface Outage<S extends Stretch> {
  from: Millis;
  /** Since when it has lasted long enough to be told; null while it has not. */
  toldFrom: Millis | null;
  /** Its last stretch in which something was wrong, as far as it matters to what is told. */
  last: S;
}

interface Bounds {
  /** When an outage that began at an instant has lasted long enough to be told. */
  longEnough: (from: Millis) => Millis;
  /** It is over once all was well for so long: what comes and goes is one outage. */
  steadyMs: number;
}

/**
 * The outage that goes on at an instant, or was the last thing known. One that had lasted long enough goes on until
 * all is well again, however long nothing is known meanwhile; a shorter one is over as soon as nothing is known.
 * @param stretches one after the other; what lies after `at` is left out
 * @returns the outage, null where there is none; and when time alone will change that, null where it will not
 */
export function outageAt<S extends Stretch>(
  stretches: readonly S[],
  at: Millis,
  { longEnough, steadyMs }: Bounds,
): { outage: Outage<S> | null; lookAt: Millis | null } {
  let outage: (Outage<S> & { due: Millis }) | null = null;
  let lookAt: Millis | null = null;
  for (const [index, stretch] of stretches.entries()) {
    const { is, from } = stretch;
    if (from > at) return { outage, lookAt: Math.min(lookAt ?? from, from) };
    const next = stretches[index + 1]?.from ?? Infinity;
    const until = Math.min(next, at);
    lookAt = null;
    if (is === 'wrong') {
      outage ??= { from, toldFrom: null, last: stretch, due: longEnough(from) };
      if (outage.toldFrom === null) outage.last = stretch;
      if (outage.toldFrom === null && until >= outage.due) outage.toldFrom = Math.max(outage.due, from);
      if (outage.toldFrom === null) lookAt = outage.due;
    } else if (is === 'well' && outage) {
      if (until - from >= steadyMs) outage = null;
      else lookAt = from + steadyMs;
    } else if (is === 'unknown' && outage?.toldFrom === null) outage = null;
  }
  return { outage, lookAt };
}
