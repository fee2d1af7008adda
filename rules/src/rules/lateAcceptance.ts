import { DAY_MS } from '../clock/localDay.ts';
import { caseRule } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';
import { dateWords } from '../words/moments.ts';
import { dueFrom, workplaceOf } from './workplace.ts';

/** 逾期受理: the authority kept an application for too long before it accepted it. */
export const lateAcceptance = caseRule({
  id: 'late-acceptance',
  version: 1,
  name: { zh: '逾期受理', en: 'Late acceptance' },
  basis: {
    zh: '《行政许可法》第三十二条第一款第（四）项：申请材料不齐全或者不符合法定形式的，应当当场或者在五日内一次告知申请人需要补正的全部内容，逾期不告知的，自收到申请材料之日起即为受理；第八十二条（以工作日计算）。',
    en: 'Administrative Licensing Law, art. 32(1)(4): what is missing is told at once or within 5 days and all at one time; where it is not, the application counts as accepted from the day it was received; art. 82 (working days).',
  },
  looksAt: {
    zh: '从申请到受理用了多少个工作日；等待补正的日子不计。超过的，法律上自收到申请之日起即为受理。',
    en: 'How many working days passed from submission to acceptance, without those of waiting for corrections. Beyond the limit the law takes the case as accepted from the day of submission.',
  },
  cannotTell: {
    zh: '不知道申请时间；已经决定，却没有报来受理。',
    en: 'It is not known when the case was submitted; or it was decided, and its acceptance was never told.',
  },
  parameters: {
    days: {
      meaning: {
        zh: '自申请起多少个工作日内应当受理',
        en: 'Working days from submission within which it is accepted',
      },
      unit: 'days',
      default: 5,
      minimum: 1,
      maximum: 60,
    },
  },
  evaluate: ({ input, state, at }, { days }) => {
    const { submittedAt, acceptedAt, endedAt, endedBy } = state;
    const values = { submittedAt, acceptedAt, days };
    if (submittedAt === null)
      return { outcome: 'not-evaluated', values, missing: 'submission', groundless: true };
    // Whoever decided it has accepted it before: that was not told, and when it was is not known.
    if (acceptedAt === null && endedAt !== null && endedBy !== 'withdrawn')
      return { outcome: 'not-evaluated', values, missing: 'acceptance' };
    const until = acceptedAt ?? endedAt ?? at;
    const waiting = acceptedAt === null && endedAt === null;
    // The fifth counted day cannot be over sooner.
    const earliest = submittedAt + days * DAY_MS;
    if (until < earliest) return { outcome: 'pass', values, lookAt: waiting ? earliest : null };
    const waits = state.suspensions.filter((span) => span.from < until);
    const dueAt = dueFrom(input, submittedAt, { workingDays: Math.round(days) }, waits);
    if (dueAt === null) return { outcome: 'pass', values };
    if (until <= dueAt) return { outcome: 'pass', values, lookAt: waiting ? dueAt + 1 : null };
    return {
      outcome: 'fail',
      values: { ...values, dueAt },
      findings: [
        {
          kind: 'risk',
          key: '',
          at: dueAt + 1,
          describe: () => {
            const { zone } = workplaceOf(input);
            const submitted = dateWords(zone, submittedAt, until);
            const due = dateWords(zone, dueAt, submittedAt);
            const accepted = acceptedAt === null ? null : dateWords(zone, acceptedAt, submittedAt);
            return {
              title: caseTitle(input, { zh: '逾期受理', en: 'accepted late' }),
              reason: {
                zh: `办件 ${state.caseNo} 于${submitted.zh}申请，应于${due.zh}前受理或告知补正，${accepted ? `${accepted.zh}才受理` : '至今未受理'}；依法自${submitted.zh}起即为受理。`,
                en: `Case ${state.caseNo} was submitted on ${submitted.en} and had to be accepted, or sent back, by ${due.en}; it was ${accepted ? `accepted on ${accepted.en}` : 'not'}. By law it counts as accepted from ${submitted.en}.`,
              },
            };
          },
        },
      ],
    };
  },
});
