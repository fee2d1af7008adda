import type { Millis, Sentence } from '@mingjing/contracts';
import { cardFingerprint } from '../engine/alerts.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { EngineChange } from '../model.ts';
import { shippedRules } from '../rules/registry.ts';
import { cardKey, type CaseRun, type HistoryWorld, type Standing } from './caseRun.ts';

const NO_LONGER_TRUE: Sentence = {
  zh: '迟到的数据到达后重新判断，已不成立。',
  en: 'Judged anew after late data came: no longer true.',
};

/** What the engine says of the case now, with the late event known: its clocks, and why cards fall. */
function judgedAnew(world: HistoryWorld, held: CaseRun, truth: CaseRun, at: Millis): EngineChange[] {
  const input = truth.inputAt(at);
  if (!input) return [];
  const standing = [...held.alerts.keys()];
  return evaluate({ ...input, issued: held.cards, standing }, world.ruleset, world.rules ?? shippedRules);
}

/**
 * What must be taken back and issued when an event came too late to be taken in order: the whole case has been
 * run anew (`truth`), and what stood (`held`) is brought to that. A card or alert that now became true at
 * another instant is taken back and issued anew: its explanation no longer holds.
 * @param at when the late event came, on the engine's time
 */
export function lateChanges(world: HistoryWorld, held: CaseRun, truth: Standing, at: Millis): EngineChange[] {
  const judged = judgedAnew(world, held, truth.run, at);
  // Its clocks and looks as they are now; cards and alerts are compared below.
  const changes: EngineChange[] = judged.filter(({ type }) => !/^(card|alert)\./.test(type));
  const reasons = new Map<string, Sentence>();
  for (const change of judged)
    if (change.type === 'card.rescinded') reasons.set(cardKey(change), change.reason);
  const caseId = truth.run.state?.caseId ?? '';
  const stays = new Set<string>();
  for (const card of held.cards) {
    const key = cardKey(card);
    const after = truth.cards.get(key);
    if (after?.card.at === card.at) {
      stays.add(key);
      continue;
    }
    const { clockId, rung } = card;
    const reason = reasons.get(key) ?? after?.card.reason ?? NO_LONGER_TRUE;
    changes.push({
      ...{ type: 'card.rescinded', caseId, clockId, rung, at, reason },
      fingerprint: cardFingerprint(clockId, rung),
    });
  }
  for (const [fingerprint, since] of held.alerts) {
    if (truth.alerts.get(fingerprint)?.alert.at === since) stays.add(fingerprint);
    else changes.push({ type: 'alert.rescinded', fingerprint, at, reason: NO_LONGER_TRUE });
  }
  for (const [key, issued] of truth.cards)
    if (!stays.has(key)) changes.push({ ...issued, card: { ...issued.card, issuedAt: at } });
  for (const [fingerprint, raised] of truth.alerts) if (!stays.has(fingerprint)) changes.push(raised);
  return changes;
}
