import type { Budget, Millis, SuspensionSpan } from '@mingjing/contracts';
import { amountOf, unitOf } from '../clock/spec.ts';
import { caseRule, type Finding, type ParameterSpec } from '../rule.ts';
import { amountWords } from '../words/budgetWords.ts';
import { caseTitle, doneBy } from '../words/caseWords.ts';
import { dateWords, momentWords } from '../words/moments.ts';
import { dueFrom, workplaceOf } from './workplace.ts';

const PROCEDURES: Record<string, { zh: string; en: string }> = {
  hearing: { zh: '听证', en: 'hearing' },
  test: { zh: '检验检测', en: 'test' },
  appraisal: { zh: '鉴定', en: 'appraisal' },
  'expert-review': { zh: '专家评审', en: 'expert review' },
  correction: { zh: '补正', en: 'correction' },
  other: { zh: '特别程序', en: 'special procedure' },
};

function daysOf(zh: string, en: string, days: number): ParameterSpec {
  return {
    meaning: {
      zh: `${zh}未写明期限时按多少个工作日计；0 为不判断`,
      en: `Working days for ${en} where no limit is named; 0 does not judge it`,
    },
    unit: 'days',
    default: days,
    minimum: 0,
    maximum: 250,
  };
}

function namedLimit(limit: Budget): { zh: string; en: string } {
  const unit = unitOf(limit);
  const amount = amountOf(limit);
  return unit === 'until' || amount === null
    ? { zh: '所定时刻', en: 'the time set for it' }
    : amountWords(amount, unit);
}

/** 停表超限: a special procedure that takes longer than it may. */
export const suspensionOverLimit = caseRule({
  id: 'suspension-over-limit',
  version: 1,
  name: { zh: '停表超限', en: 'Suspension over its limit' },
  basis: {
    zh: '《行政许可法》第四十五条：听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审所需时间不计入期限，行政机关应当将所需时间书面告知申请人；听证见第四十七条（二十日内组织）。其他程序的期限以书面告知为准。',
    en: 'Administrative Licensing Law, art. 45: the time of hearings, tests, appraisals and expert review is not counted, and the applicant is told in writing how long it takes; hearings: art. 47 (organised within 20 days). The limit of any other procedure is the one that was told.',
  },
  looksAt: {
    zh: '每一段停表用了多久，与停表时写明的期限（没有写明的，与参数）相比，按工作日历计；尚未恢复的随时间判断。',
    en: 'How long each suspension takes, against the limit that was named with it or else the parameter, in working days; one that is still open is judged as time goes by.',
  },
  cannotTell: {
    zh: '有停表，但没有写明期限，参数也没有给出。',
    en: 'There are suspensions, but neither they nor the parameters name a limit.',
  },
  parameters: {
    hearing: daysOf('听证', 'a hearing', 20),
    test: daysOf('检验检测', 'a test', 0),
    appraisal: daysOf('鉴定', 'an appraisal', 0),
    expertReview: daysOf('专家评审', 'an expert review', 0),
    correction: daysOf('补正', 'a correction', 0),
    other: daysOf('其他程序', 'any other procedure', 0),
  },
  evaluate: ({ input, state, at }, parameters) => {
    const { suspensions, endedAt } = state;
    if (suspensions.length === 0) return { outcome: 'pass', values: { suspensions: 0 } };
    const byProcedure: Readonly<Record<string, number>> = {
      ...parameters,
      'expert-review': parameters.expertReview,
    };
    const limitOf = ({ limit, procedure }: SuspensionSpan): Budget | null => {
      const workingDays = byProcedure[procedure] ?? 0;
      return limit ?? (workingDays > 0 ? { workingDays } : null);
    };
    const findings: Finding[] = [];
    let lookAt: Millis | null = null;
    let judged = 0;
    for (const span of suspensions) {
      const limit = limitOf(span);
      if (!limit) continue;
      judged += 1;
      const dueAt = dueFrom(input, span.from, limit);
      const until = span.to ?? endedAt;
      if (dueAt === null || (until !== null && until <= dueAt)) continue;
      if (at <= dueAt) {
        lookAt = Math.min(lookAt ?? Infinity, dueAt + 1);
        continue;
      }
      findings.push({
        kind: 'risk',
        key: `${span.from}:${span.procedure}`,
        at: dueAt + 1,
        describe: () => {
          const { zone } = workplaceOf(input);
          const what = PROCEDURES[span.procedure] ?? { zh: span.procedure, en: span.procedure };
          const [from, due, allowed] = [
            momentWords(zone, span.from, span.from),
            dateWords(zone, dueAt, span.from),
            namedLimit(limit),
          ];
          const who = doneBy(input, span.approver, { zh: '批准', en: 'approved by' });
          return {
            title: caseTitle(input, {
              zh: `停表超限（${what.zh}）`,
              en: `suspended over the limit (${what.en})`,
            }),
            reason: {
              zh: `办件 ${state.caseNo} 因${what.zh}于${from.zh} 停表，限 ${allowed.zh}，应于${due.zh}恢复，逾期未恢复${who.zh}。`,
              en: `Case ${state.caseNo} was suspended at ${from.en} for a ${what.en}, ${allowed.en} allowed; it was not resumed by ${due.en}${who.en}.`,
            },
          };
        },
      });
    }
    const values = { suspensions: suspensions.length, withLimit: judged };
    if (findings.length > 0) return { outcome: 'fail', values, findings, lookAt };
    if (judged === 0)
      return { outcome: 'not-evaluated', values, missing: 'limit of the suspension', groundless: true };
    return { outcome: 'pass', values, lookAt };
  },
});
