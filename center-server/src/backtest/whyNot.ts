import type { Millis, Sentence } from '@mingjing/contracts';
import {
  compileRuleset,
  evaluate,
  shippedRules,
  verdictsOf,
  type CaseInput,
  type HistoryWorld,
  type Standing,
} from '@mingjing/rules';
import type { Issued } from '../store/backtest/readIssued.ts';

const NO_PLACE: Sentence = { zh: '办件所在地区已不存在。', en: 'The region of the case is no longer known.' };
const NO_RUNG: Sentence = {
  zh: '按试算的规则集，此时限没有这一级牌，或此时限不再存在。',
  en: 'Under the ruleset tried, this clock has no such rung, or there is no such clock.',
};

function switchedOff(rule: string): Sentence {
  const name = shippedRules.find(({ id }) => id === rule)?.name;
  return {
    zh: `规则“${name?.zh ?? rule}”在试算的规则集中没有启用。`,
    en: `Rule “${name?.en ?? rule}” is off in the ruleset tried.`,
  };
}

function elsewhen(reason: Sentence, at: Millis, zone: string): Sentence {
  const time = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);
  return {
    zh: `试算中时点在所选时段之外（${time}）：${reason.zh}`,
    en: `In the trial it falls outside the time asked for (${time}): ${reason.en}`,
  };
}

function whyNoCard(world: HistoryWorld, input: CaseInput, { card, reason, ...issued }: Issued): Sentence {
  if (!card) return NO_RUNG;
  const standing = {
    ...{ ...card, reason, at: issued.at, issuedAt: issued.at, rulesetVersion: world.ruleset.version },
    ...{ rescindedAt: null, rescindedReason: null },
  };
  for (const change of evaluate({ ...input, issued: [standing] }, world.ruleset)) {
    if (change.type !== 'card.rescinded' || change.clockId !== card.clockId) continue;
    if (change.rung === card.rung) return change.reason;
  }
  return NO_RUNG;
}

function whyNoAlert(world: HistoryWorld, input: CaseInput, { rule }: Issued): Sentence | null {
  const verdict = verdictsOf(input, world.ruleset).find((one) => one.rule.id === rule)?.verdict;
  if (!verdict || verdict.outcome === 'not-evaluated') return null;
  const values = Object.entries(verdict.values).map(([name, value]) => `${name} = ${String(value)}`);
  const seen = values.length === 0 ? '' : ` (${values.join(', ')})`;
  return {
    zh: `按试算的参数判断，不成立${seen}。`,
    en: `Judged by the parameters tried, it does not hold${seen}.`,
  };
}

/**
 * Why something that was issued would not be under the ruleset tried.
 * @returns null when that ruleset cannot tell: its rule needs what one case alone does not say
 */
export function whyNot(world: HistoryWorld, truth: Standing, issued: Issued, asOf: Millis): Sentence | null {
  const after = issued.card
    ? truth.cards.get(`${issued.card.clockId}|${issued.card.rung}`)?.alert
    : truth.alerts.get(issued.fingerprint)?.alert;
  const input = truth.run.inputAt(asOf);
  if (!input) return NO_PLACE;
  if (after) return elsewhen(after.reason, after.at, input.region.zone);
  const on = compileRuleset(world.ruleset).caseRules(input.state.region);
  if (!on.some(({ rule }) => rule.id === issued.rule)) return switchedOff(issued.rule);
  return issued.card ? whyNoCard(world, input, issued) : whyNoAlert(world, input, issued);
}
