import type { Millis } from '@mingjing/contracts';
import { decide } from './decide.ts';
import type { Decision, PastLine, Situation } from './model.ts';
import { asKnownAt, muteLines } from './past.ts';

/** No alert is told more often than this by itself: tiers are few. */
const MOST_STEPS = 50;

/** A telling that would come. */
export interface Foreseen {
  at: Millis;
  decision: Decision;
}

/** A situation after a decision was written down. */
export function afterwards(situation: Situation, decision: Decision, at: Millis): Situation {
  const lines: PastLine[] = muteLines(situation.history, decision).map((action) => ({ at, action }));
  if (decision.rearm) lines.push({ at, action: 're-armed' });
  const told = decision.tell.map(({ level }) => ({ at, level, round: decision.round }));
  return { ...situation, history: [...situation.history, ...lines], told: [...situation.told, ...told] };
}

/**
 * A dry run: whom everything from an instant on would tell if nobody acts and nothing else happens.
 * @param from ms since the epoch: what happened later is not known yet
 * @param asOf ms since the epoch: `decision` is the one in force then
 */
export function foresee(
  situation: Situation,
  from: Millis,
  asOf: Millis = from,
): { decision: Decision; next: Foreseen[] } {
  let known = asKnownAt(situation, from);
  let now = from;
  let decision = decide(known, now);
  let inForce = decision;
  const next: Foreseen[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    known = afterwards(known, decision, now);
    if (decision.tell.length > 0) next.push({ at: now, decision });
    else if (decision.reason.name === 'nobody') break;
    if (decision.until === null) break;
    now = Math.max(now, decision.until);
    decision = decide(known, now);
    if (now <= asOf) inForce = decision;
  }
  return { decision: inForce, next };
}
