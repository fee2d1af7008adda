import type { AlertState, KindRouting, Millis, RoutingReason, RoutingStage } from '@mingjing/contracts';
import { zoneDaysOf } from '../clock/zoneDays.ts';
import { momentWords } from '../words/moments.ts';
import type { Decision, Situation } from './model.ts';

/** What the stages look at: a situation at an instant, with what its history says. */
export interface View extends Situation {
  at: Millis;
  policy: KindRouting;
  state: AlertState;
  /** Until when it is in hand. */
  inHandUntil: Millis | null;
  round: number;
  /** The highest tier that was told, and the lowest; null before the first telling. */
  top: number | null;
  first: number | null;
  /** When somebody was told last. */
  toldAt: Millis | null;
}

/** Decides, or leaves it to the next stage by null. */
export type Stage = (view: View) => Decision | null;

/** A decision to wait. */
export function wait(
  stage: RoutingStage,
  reason: RoutingReason,
  until: Millis | null,
  mute: Decision['mute'] = null,
): Decision {
  return { stage, reason, until, mute, rearm: false, round: 0, tell: [] };
}

/** An instant in words, in the zone of the alert's region. */
export function moment({ chain, at }: View, instant: Millis): { zh: string; en: string } {
  return momentWords(zoneDaysOf(chain[0]?.zone ?? 'Asia/Shanghai'), instant, at);
}
