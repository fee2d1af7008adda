import type { Sentence } from '@mingjing/contracts';
import { unitOf, type BudgetUnit } from '../clock/spec.ts';
import { needKey, waypointOf, type Need, type Waypoint } from '../profile/profiles.ts';
import { caseRule, type CaseContext, type Verdict } from '../rule.ts';
import { amountWords } from '../words/budgetWords.ts';
import { caseTitle } from '../words/caseWords.ts';

const ID = 'predicted-overdue';
const IN_TIME: Sentence = {
  zh: '已在期限内办结，预测没有应验。',
  en: 'It ended in time: the prediction did not come true.',
};
const ENOUGH_LEFT: Sentence = {
  zh: '办件有了进展，剩余期限已够同类办件通常所需。',
  en: 'The case has moved on: what is left is enough for what such cases typically need.',
};

const NOT_OPEN: Verdict = { outcome: 'not-evaluated', values: {}, missing: 'an open case' };

interface Prediction {
  point: Waypoint;
  need: Need;
  left: number;
  unit: Exclude<BudgetUnit, 'until'>;
}

function tell(
  { input, state }: CaseContext,
  { point, need, left, unit }: Prediction,
): { title: Sentence; reason: Sentence } {
  const [typical, slow, rest] = [need.median, need.p75, Math.max(0, left)].map((n) => amountWords(n, unit));
  const from = point.entered
    ? { zh: `进入环节“${point.stage}”`, en: `entering step “${point.stage}”` }
    : { zh: `完成环节“${point.stage}”`, en: `completing step “${point.stage}”` };
  return {
    title: caseTitle(input, { zh: '预计逾期', en: 'expected to be overdue' }),
    reason: {
      zh: `办件 ${state.caseNo}：同类办件从${from.zh}到办结通常还需 ${typical?.zh ?? ''}（${need.cases} 件中位数，四分之三在 ${slow?.zh ?? ''}以内），本件当时只剩 ${rest?.zh ?? ''}。`,
      en: `Case ${state.caseNo}: from ${from.en}, such cases typically still need ${typical?.en ?? ''} (median of ${need.cases}; three in four need no more than ${slow?.en ?? ''}); this one had ${rest?.en ?? ''} left.`,
    },
  };
}

function verdictOf(context: CaseContext, cases: number, margin: number): Verdict {
  const { input, state, clock } = context;
  const { profiles, matter, standing } = input;
  const stands = standing !== undefined && standing.length > 0 && standing.includes(`${ID}|${state.caseId}`);
  const { acceptedAt, endedAt } = state;
  if (endedAt !== null) {
    const late = endedAt > (clock?.plan.dueAt ?? Infinity);
    return stands && !late ? { outcome: 'pass', values: {}, settled: IN_TIME } : NOT_OPEN;
  }
  if (acceptedAt === null)
    return { outcome: 'not-evaluated', values: {}, missing: 'acceptance', groundless: true };
  if (!profiles)
    return { outcome: 'not-evaluated', values: {}, missing: 'what was learned from closed cases' };
  if (!clock || !matter) return { outcome: 'not-evaluated', values: {}, missing: 'clock or matter' };
  const unit = unitOf(clock.spec.budget);
  const { total } = clock.plan;
  if (unit === 'until' || total === null)
    return { outcome: 'not-evaluated', values: { unit }, missing: 'a budget that can be used up' };
  const point = waypointOf(state);
  if (!point) return { outcome: 'not-evaluated', values: { unit }, missing: 'a stage', groundless: true };
  const need = profiles.needs[needKey(matter.id, point, unit)];
  if (!need || need.cases < cases)
    return {
      outcome: 'not-evaluated',
      values: { stage: point.stage, cases: need?.cases ?? 0 },
      missing: 'enough closed cases',
    };
  // As of the moment the stage was entered: as time goes by the verdict stays, so that it does not flap.
  const left = total - (clock.plan.usedAt(point.at) ?? 0);
  // What is over is told by its card: nothing is left to predict.
  if (left < 0 && !stands)
    return { outcome: 'not-evaluated', values: { left, total }, missing: 'a clock that is not over' };
  const values = { stage: point.stage, cases: need.cases, median: need.median, p75: need.p75, left, total };
  // What was told once is taken back only when the case has enough left without any margin.
  if (need.median <= left + (stands ? 0 : margin * total))
    return { outcome: 'pass', values, settled: ENOUGH_LEFT };
  const describe = (): { title: Sentence; reason: Sentence } => tell(context, { point, need, left, unit });
  return { outcome: 'fail', values, findings: [{ kind: 'notice', key: '', at: point.at, describe }] };
}

/** 预计逾期: what such cases typically still need is more than this one has left. */
export const predictedOverdue = caseRule({
  id: ID,
  version: 1,
  name: { zh: '预计逾期', en: 'Expected to be overdue' },
  basis: {
    zh: '惯例，非法定：依据同类办件的历史用时作出的预警，供及早督促；期限见《行政许可法》第四十二条。',
    en: 'Custom, not law: an early warning from how long such cases took, so that somebody can act in time; the limit: Administrative Licensing Law, art. 42.',
  },
  looksAt: {
    zh: '未办结的办件：同一事项的历史办件从本环节到办结所需额度的中位数，与本件进入该环节时的剩余额度（停表不计、延期计入）相比。办结或有进展后自动撤销。',
    en: 'Open cases: the median of what cases of the same matter still needed from this point on, against what was left of the budget when this case came to it (suspensions not counted, extensions added). Rescinded when it ends in time or gets ahead.',
  },
  cannotTell: {
    zh: '没有学到历史；没有时钟或事项；没有报来环节；同类办件太少；时限是约定时刻。',
    en: 'Nothing was learned yet; there is no clock or matter; no stage was told; too few such cases are known; the limit is a planned instant.',
  },
  parameters: {
    cases: {
      meaning: { zh: '至少有多少同类办件才预测', en: 'Closed cases of its kind, at least, to predict from' },
      unit: 'cases',
      default: 30,
      minimum: 5,
      maximum: 100_000,
    },
    margin: {
      meaning: {
        zh: '所需超出剩余达到全部额度的多大比例才预警',
        en: 'Share of the whole budget by which the need must exceed what is left',
      },
      unit: 'share',
      default: 0.1,
      minimum: 0,
      maximum: 1,
    },
  },
  evaluate: (context, { cases, margin }) => verdictOf(context, cases, margin),
});
