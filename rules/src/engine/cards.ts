import type { Millis, Rung, Sentence } from '@mingjing/contracts';
import { zoneFor } from '../clock/plan.ts';
import type { EngineChange } from '../model.ts';
import type { CaseContext, Finding, Rule, Verdict } from '../rule.ts';
import { RUNG_WORDS } from '../words/caseWords.ts';
import { dueWords } from '../words/clockWords.ts';
import { momentWords } from '../words/moments.ts';
import { caseAlert, cardFingerprint } from './alerts.ts';

/** Why a card that was issued is not supported by what is known now. */
function rescissionReason({ state, clock }: CaseContext, rung: Rung): Sentence {
  const card = RUNG_WORDS[rung];
  if (!clock)
    return { zh: '受理记录已更正，时限没有起算。', en: 'The acceptance was corrected: no clock runs.' };
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
  if (state.endedAt !== null) {
    const end = momentWords(zone, state.endedAt, spec.startedAt);
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

function issue(
  context: CaseContext,
  clockId: string,
  rule: Rule,
  version: number,
  finding: Finding,
  rung: Rung,
): EngineChange {
  const { title, reason } = finding.describe();
  const { at } = finding;
  const told = { fingerprint: cardFingerprint(clockId, rung), kind: finding.kind, at, title, reason };
  return {
    type: 'card.issued',
    caseId: context.state.caseId,
    card: {
      ...{ clockId, rung, at, issuedAt: context.at, rulesetVersion: version },
      ...{ rescindedAt: null, rescindedReason: null, reason },
    },
    alert: caseAlert(context.input, rule, told),
  };
}

/**
 * Compares the cards that ought to stand with those that do.
 * A rule that could not tell (missing data) changes no card. Standing cards of rungs that the ladder no
 * longer has are left: they were issued under the ladder of their day.
 */
export function cardChanges(
  context: CaseContext,
  rule: Rule,
  verdict: Verdict,
  version: number,
): EngineChange[] {
  if (verdict.outcome === 'not-evaluated') return [];
  const { input, state, clock } = context;
  const findings = verdict.outcome === 'fail' ? verdict.findings : [];
  const changes: EngineChange[] = [];
  for (const card of input.issued) {
    const known = !clock || clock.rungs.some((one) => one.rung === card.rung);
    if (!known || findings.some((finding) => finding.rung === card.rung)) continue;
    changes.push({
      ...{
        type: 'card.rescinded',
        caseId: state.caseId,
        clockId: card.clockId,
        rung: card.rung,
        at: input.at,
      },
      ...{
        reason: rescissionReason(context, card.rung),
        fingerprint: cardFingerprint(card.clockId, card.rung),
      },
    });
  }
  if (!clock) return changes;
  for (const finding of findings) {
    if (!finding.rung || input.issued.some((card) => card.rung === finding.rung)) continue;
    changes.push(issue(context, clock.spec.clockId, rule, version, finding, finding.rung));
  }
  return changes;
}

/** When the next rung is reached; null for an ended case, or when none is to come or can be told. */
export function nextLookAt({ state, clock, at }: CaseContext): Millis | null {
  if (!clock || state.endedAt !== null) return null;
  let next: Millis | null = null;
  for (const rung of clock.rungs) {
    if (rung.at !== null && rung.at > at && (next === null || rung.at < next)) next = rung.at;
  }
  return next;
}
