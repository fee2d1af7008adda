import type { Card, CardExplanation, Millis, Rung, Sentence } from '@mingjing/contracts';
import { shippedCalendars } from '../clock/calendars.ts';
import { levelOfClock } from '../clock/caseClocks.ts';
import { explainClock } from '../clock/explain.ts';
import { zoneFor } from '../clock/plan.ts';
import { projectionOf } from '../clock/project.ts';
import type { EngineChange } from '../model.ts';
import type { CaseClock, CaseContext, CaseRule, Finding, Rule, Values, Verdict } from '../rule.ts';
import { RUNG_WORDS } from '../words/caseWords.ts';
import { dueWords } from '../words/clockWords.ts';
import { momentWords } from '../words/moments.ts';
import { caseAlert, cardFingerprint } from './alerts.ts';

/** Why a card that was issued is not supported by what is known now. */
function rescissionReason(clock: CaseClock | undefined, rung: Rung): Sentence {
  const card = RUNG_WORDS[rung];
  if (!clock) return { zh: '记录已更正，时限没有起算。', en: 'The record was corrected: no clock runs.' };
  const reached = clock.rungs.find((one) => one.rung === rung)?.at ?? null;
  const due = dueWords(clock);
  const dueText = { zh: due ? `${due.zh}，` : '', en: due ? ` (${due.en})` : '' };
  if (reached === null) {
    return {
      zh: `时限重算：停表中，尚未到${card.zh}。`,
      en: `The clock was counted anew: it stands still and has not reached the ${card.en}.`,
    };
  }
  const { spec } = clock;
  const zone = zoneFor(spec);
  const from = momentWords(zone, reached, spec.startedAt);
  if (spec.endedAt !== null && spec.endedAt < reached) {
    const end = momentWords(zone, spec.endedAt, spec.startedAt);
    return {
      zh: `时限重算：${dueText.zh}已于${end.zh} 办结，早于${card.zh}的 ${from.zh}。`,
      en: `The clock was counted anew${dueText.en}: it ended ${end.en}, before the ${card.en} of ${from.en}.`,
    };
  }
  return {
    zh: `时限重算：${dueText.zh}${card.zh}应自${from.zh} 起。`,
    en: `The clock was counted anew${dueText.en}: the ${card.en} is due from ${from.en}.`,
  };
}

interface Issue {
  rule: Rule;
  version: number;
  finding: Finding;
  values: Values;
}

/** As it stood when the rung was reached: whenever it is looked at, the explanation is the same. */
function explanationOf(
  { input }: CaseContext,
  { spec, plan, ladder }: CaseClock,
  { rule, values, finding: { at } }: Issue,
): CardExplanation {
  return {
    rule: rule.id,
    ruleVersion: rule.version,
    ladder: ladder?.name ?? '',
    ladderEn: ladder?.nameEn,
    calendarVersion: input.calendars?.version ?? shippedCalendars.version,
    values,
    clock: projectionOf(spec, plan, at),
    days: explainClock(spec, at),
  };
}

function issue(context: CaseContext, { clock, rung }: FoundCard, told: Issue): EngineChange {
  const { rule, version, finding, values } = told;
  const { title, reason } = finding.describe();
  const { at, kind } = finding;
  const { clockId } = clock.spec;
  const alert = { fingerprint: cardFingerprint(clockId, rung), kind, at, title, reason, values };
  return {
    type: 'card.issued',
    caseId: context.state.caseId,
    card: {
      ...{ clockId, rung, at, issuedAt: context.at, rulesetVersion: version },
      ...{ rescindedAt: null, rescindedReason: null, reason },
    },
    explanation: explanationOf(context, clock, told),
    alert: caseAlert(context.input, rule, alert),
  };
}

type FoundCard = NonNullable<Finding['card']>;

/** Whether a finding is what a standing card tells: the rung of the clock, reached at that very instant. */
function isCard(card: Card, { card: found, at }: Finding): boolean {
  return found?.rung === card.rung && found.clock.spec.clockId === card.clockId && at === card.at;
}

/**
 * Compares the cards of a level that ought to stand with those that do. One that is true from another instant on
 * than it says is taken back and issued anew.
 * A rule that could not tell (missing data) changes no card. Standing cards of rungs that the ladder no
 * longer has are left: they were issued under the ladder of their day.
 */
export function cardChanges(
  context: CaseContext,
  rule: CaseRule,
  verdict: Verdict,
  version: number,
): EngineChange[] {
  if (verdict.outcome === 'not-evaluated') return [];
  const { input, state, clocks } = context;
  const findings = verdict.outcome === 'fail' ? verdict.findings : [];
  const changes: EngineChange[] = [];
  for (const card of input.issued) {
    if (levelOfClock(card.clockId) !== rule.cards) continue;
    const clock = clocks.find(({ spec }) => spec.clockId === card.clockId);
    const known = !clock || clock.rungs.some((one) => one.rung === card.rung);
    if (!known || findings.some((finding) => isCard(card, finding))) continue;
    const { clockId, rung } = card;
    changes.push({
      ...{ type: 'card.rescinded', caseId: state.caseId, clockId, rung, at: input.at },
      ...{ reason: rescissionReason(clock, rung), fingerprint: cardFingerprint(clockId, rung) },
    });
  }
  for (const finding of findings) {
    const found = finding.card;
    if (!found || input.issued.some((card) => isCard(card, finding))) continue;
    changes.push(issue(context, found, { rule, version, finding, values: verdict.values }));
  }
  return changes;
}

/** When a clock's next rung is reached; null for an ended one, or when none is to come or can be told. */
export function nextRungAt({ spec, rungs }: CaseClock, at: Millis): Millis | null {
  if (spec.endedAt !== null) return null;
  let next: Millis | null = null;
  for (const rung of rungs) {
    if (rung.at !== null && rung.at > at && (next === null || rung.at < next)) next = rung.at;
  }
  return next;
}
