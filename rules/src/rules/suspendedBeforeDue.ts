import type { SuspensionSpan } from '@mingjing/contracts';
import { planOf, zoneFor } from '../clock/plan.ts';
import { unitOf, type ClockSpec } from '../clock/spec.ts';
import { caseRule, type Finding } from '../rule.ts';
import { caseTitle, personName } from '../words/caseWords.ts';
import { momentWords } from '../words/moments.ts';

interface Remainder {
  remaining: number;
  total: number;
}

/** The clock as it was known the moment before a suspension began. */
function before(spec: ClockSpec, from: number): ClockSpec {
  return {
    ...spec,
    endedAt: null,
    extensions: spec.extensions.filter((extension) => extension.at <= from),
    suspensions: spec.suspensions
      .filter((span) => span.from < from)
      .map((span) => ({ from: span.from, to: Math.min(span.to ?? from, from) })),
  };
}

/** What was left of the budget when a suspension began; null when the clock was not running or over. */
function leftAt(spec: ClockSpec, from: number): Remainder | null {
  const plan = planOf(before(spec, from));
  if (from < spec.startedAt || plan.total === null || plan.dueAt === null || from > plan.dueAt) return null;
  const zone = zoneFor(spec);
  // The day a suspension begins does not count: what is left of days is what was left when it began.
  const moment = unitOf(spec.budget) === 'workingHours' ? from : zone.startOf(zone.dayOf(from)) - 1;
  return { remaining: plan.total - (plan.usedAt(moment) ?? 0), total: plan.total };
}

/** 临期停表: the clock was stopped when it had almost run out. */
export const suspendedBeforeDue = caseRule({
  id: 'suspended-before-due',
  version: 1,
  name: { zh: '临期停表', en: 'Suspended just before due' },
  basis: {
    zh: '《行政许可法》第四十五条：听证、检验、检测、鉴定、专家评审等所需时间不计入期限，并应书面告知申请人；不得借此规避期限。',
    en: 'Administrative Licensing Law, art. 45: time for hearings, tests, appraisals and expert review is not counted and the applicant is told in writing; it is not a way around the limit.',
  },
  looksAt: {
    zh: '每次停表开始时还剩多少额度；所剩无几才停表的报告。一两日的短时限不判断。',
    en: 'What was left of the budget when each suspension began; one that began when almost nothing was left is told. Limits of a day or two are passed over.',
  },
  cannotTell: {
    zh: '办件没有时限，或时限是约定时刻而不是额度。',
    en: 'The case has no limit, or one that is a planned instant rather than a budget.',
  },
  parameters: {
    withinDays: {
      meaning: { zh: '剩余不多于多少日算临期', en: 'How many days left are “just before due”' },
      unit: 'days',
      default: 1,
      minimum: 1,
      maximum: 30,
    },
    withinHours: {
      meaning: { zh: '剩余不多于多少小时算临期', en: 'How many hours left are “just before due”' },
      unit: 'hours',
      default: 2,
      minimum: 0.1,
      maximum: 100,
    },
  },
  evaluate: ({ input, state, clock }, { withinDays, withinHours }) => {
    if (!clock) {
      const groundless = state.acceptedAt === null;
      return { outcome: 'not-evaluated', values: {}, missing: 'clock', groundless };
    }
    const { spec } = clock;
    const unit = unitOf(spec.budget);
    if (unit === 'until')
      return { outcome: 'not-evaluated', values: { unit }, missing: 'a budget that can be used up' };
    const within = unit === 'workingHours' ? withinHours : withinDays;
    const values = { unit, within, suspensions: state.suspensions.length };
    const findings: Finding[] = [];
    const judge = (span: SuspensionSpan): void => {
      const left = leftAt(spec, span.from);
      // On a budget of a day or two every suspension comes just before it is due.
      if (!left || left.remaining > within || left.total <= 2 * within) return;
      findings.push({
        kind: 'risk',
        key: `${span.from}`,
        at: span.from,
        describe: () => {
          const when = momentWords(zoneFor(spec), span.from, spec.startedAt);
          const [zhUnit, enUnit] = unit === 'workingHours' ? ['小时', 'hour(s)'] : ['日', 'day(s)'];
          const rest = Math.round(left.remaining * 100) / 100;
          return {
            title: caseTitle(input, { zh: '临期停表', en: 'suspended just before due' }),
            reason: {
              zh: `办件 ${state.caseNo} 于${when.zh} 停表，当时只剩 ${rest} ${zhUnit}${span.approver === null ? '，没有批准人' : `，批准 ${personName(input, span.approver)}`}。`,
              en: `Case ${state.caseNo} was suspended at ${when.en} with ${rest} ${enUnit} left${span.approver === null ? ', nobody is named as having approved it' : `, approved by ${personName(input, span.approver)}`}.`,
            },
          };
        },
      });
    };
    for (const span of state.suspensions)
      if (state.endedAt === null || span.from <= state.endedAt) judge(span);
    return findings.length > 0 ? { outcome: 'fail', values, findings } : { outcome: 'pass', values };
  },
});
