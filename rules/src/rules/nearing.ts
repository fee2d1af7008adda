import type { Millis } from '@mingjing/contracts';
import { zoneFor } from '../clock/plan.ts';
import { unitOf } from '../clock/spec.ts';
import { caseRule, type CaseClock, type Finding } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';
import { clockWords, whatIsLate } from '../words/clockWords.ts';
import { lengthWords, momentWords } from '../words/moments.ts';

const HOUR_MS = 3_600_000;

/** When no more than the reminder's amount is left; null for a limit that is no longer than that. */
function remindedAt({ spec, plan }: CaseClock, days: number, hours: number): Millis | null {
  const unit = unitOf(spec.budget);
  if (unit === 'until') {
    const at = plan.dueAt === null ? null : plan.dueAt - hours * HOUR_MS;
    return at === null || at <= spec.startedAt ? null : at;
  }
  const ahead = unit === 'workingHours' ? hours : days;
  return plan.total === null || plan.total <= ahead ? null : plan.shareAt((plan.total - ahead) / plan.total);
}

/** 临期提醒: a notice shortly before a clock is due, where its ladder tells nobody. */
export const nearing = caseRule({
  id: 'nearing',
  version: 1,
  name: { zh: '临期提醒', en: 'Nearing its limit' },
  basis: {
    zh: '惯例，非法定：期限届满前提醒承办单位。期限见《行政许可法》第四十二条及各类时钟自身的依据。',
    en: 'Custom, not law: whoever handles a case is reminded before its limit runs out. The limits: Administrative Licensing Law, art. 42, and the basis of each kind of clock.',
  },
  looksAt: {
    zh: '办件、环节、送达、督办、投诉、申诉的每一个时钟，凡其发牌阶梯没有“预警”一级的：剩余不多于参数时提醒一次。时限本身不长于提前量的不提醒。',
    en: 'Every clock (case, step, delivery, order, complaint, appeal) whose ladder has no notice rung: told once when no more than the parameter is left. A limit that is no longer than that is passed over.',
  },
  cannotTell: { zh: '办件没有任何时钟。', en: 'The case has no clock at all.' },
  parameters: {
    days: {
      meaning: { zh: '以日计的时限提前多少日提醒', en: 'How many days ahead, for limits in days' },
      unit: 'days',
      default: 1,
      minimum: 1,
      maximum: 60,
    },
    hours: {
      meaning: {
        zh: '以小时或时刻计的时限提前多少小时提醒',
        en: 'How many hours ahead, for limits in hours or instants',
      },
      unit: 'hours',
      default: 1,
      minimum: 0.1,
      maximum: 200,
    },
  },
  evaluate: ({ input, state, clocks, clockErrors, at }, { days, hours }) => {
    const findings: Finding[] = [];
    let lookAt: Millis | null = null;
    let judged = 0;
    for (const clock of clocks) {
      const { spec, ladder } = clock;
      if (ladder?.rungs.some(({ rung }) => rung === 'notice')) continue;
      judged += 1;
      const reminded = remindedAt(clock, days, hours);
      if (reminded === null || reminded > (spec.endedAt ?? Infinity)) continue;
      if (reminded > at) {
        lookAt = Math.min(lookAt ?? reminded, reminded);
        continue;
      }
      findings.push({
        kind: 'notice',
        key: spec.clockId,
        at: reminded,
        describe: () => ({
          title: caseTitle(input, whatIsLate({ ...clock, spec: { ...spec, endedAt: null } }, false)),
          reason:
            unitOf(spec.budget) === 'until'
              ? plannedWords(input.state.caseNo, clock, hours)
              : clockWords(input.state.caseNo, clock, reminded),
        }),
      });
    }
    const values = { clocks: clocks.length, withoutNotice: judged, days, hours };
    if (findings.length > 0) return { outcome: 'fail', values, findings, lookAt };
    if (clocks.length === 0) {
      const groundless = state.acceptedAt === null && clockErrors.length === 0;
      return { outcome: 'not-evaluated', values, missing: 'clock', groundless };
    }
    return { outcome: 'pass', values, lookAt };
  },
});

function plannedWords(caseNo: string, { spec, plan }: CaseClock, hours: number): { zh: string; en: string } {
  const when = plan.dueAt === null ? null : momentWords(zoneFor(spec), plan.dueAt, spec.startedAt);
  const ahead = lengthWords(hours * HOUR_MS);
  return {
    zh: `办件 ${caseNo} 应于${when?.zh ?? '约定时刻'} 前完成，只剩 ${ahead.zh}。`,
    en: `Case ${caseNo} is due by ${when?.en ?? 'the planned instant'}, ${ahead.en} ahead.`,
  };
}
