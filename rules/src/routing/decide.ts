import type { Millis } from '@mingjing/contracts';
import { escalate } from './escalate.ts';
import { group } from './group.ts';
import { hold } from './hold.ts';
import { inhibit } from './inhibit.ts';
import type { Decision, Situation } from './model.ts';
import { roundOf, standingOf } from './past.ts';
import { route } from './route.ts';
import { silence } from './silence.ts';
import { wait, type Stage } from './view.ts';

/** In their order; what none of them decides goes to `escalate`. */
const STAGES: readonly Stage[] = [hold, group, inhibit, silence, route];

/** An alert about which no decision could be made is looked at again after this long, ms. */
const AGAIN_MS = 10 * 60_000;

/** What is done about an alert whose decision failed: nothing now, and it is asked again a little later. */
export function undecided(situation: Situation, at: Millis, error: Error): Decision {
  const reason = {
    name: 'undecided',
    zh: `未能决定告知谁：${error.message}`,
    en: `It could not be decided who is told: ${error.message}`,
  };
  return { ...wait('hold', reason, at + AGAIN_MS), round: roundOf(situation.history) };
}

/**
 * Who is told of an alert at an instant, or why nobody is. Pure: the same situation and instant, the same
 * decision. What it decides must be written into history and tellings before it is asked again.
 * @param at ms since the epoch
 */
export function decide(situation: Situation, at: Millis): Decision {
  const { policy, history, told } = situation;
  if (policy === null) {
    const reason = {
      name: 'not-told',
      zh: '此类告警只列出，不告知。',
      en: 'This kind is listed, and told to nobody.',
    };
    return wait('hold', reason, null);
  }
  const { state, until } = standingOf(history);
  const levels = told.map((one) => one.level);
  const view = {
    ...situation,
    ...{ at, policy, state, inHandUntil: until, round: roundOf(history) },
    top: told.length === 0 ? null : Math.max(...levels),
    first: told.length === 0 ? null : Math.min(...levels),
    toldAt: told.length === 0 ? null : Math.max(...told.map((one) => one.at)),
  };
  for (const stage of STAGES) {
    const decision = stage(view);
    if (decision) return decision;
  }
  return escalate(view);
}
