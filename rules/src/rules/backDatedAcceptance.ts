import { caseRule, type Finding } from '../rule.ts';
import { caseTitle, doneBy } from '../words/caseWords.ts';
import { lengthWords, momentWords } from '../words/moments.ts';
import { workplaceOf } from './workplace.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 倒签受理: an acceptance that was given an earlier date than its own. */
export const backDatedAcceptance = caseRule({
  id: 'back-dated-acceptance',
  version: 1,
  name: { zh: '倒签受理', en: 'Back-dated acceptance' },
  basis: {
    zh: '《行政许可法》第三十二条：根据申请作出受理与否的处理，出具注明日期的书面凭证；第四十二条：期限自受理之日起算。',
    en: 'Administrative Licensing Law, art. 32: an application is accepted, or not, when it has been made, and a dated receipt is given; art. 42: the limit runs from the acceptance.',
  },
  looksAt: {
    zh: '受理时间是否早于申请时间；以及同一来源在受理“发生”之后已经报来本件的其他情况，受理却迟迟才报来。来源整体离线、恢复后一并补报的，其他情况同样迟到，不会因此被报告。',
    en: 'Whether the case was accepted before it was submitted; and whether its source, after the acceptance is said to have happened, told of other things of the case long before it told of the acceptance. A source that was offline and catches up tells of all of them late, and is not accused.',
  },
  cannotTell: {
    zh: '尚未受理；或没有申请时间，受理的来源也没有报过本件的其他情况。',
    en: 'The case is not accepted; or neither its submission is known nor anything else from the source of the acceptance.',
  },
  parameters: {
    tolerance: {
      meaning: {
        zh: '受理早于申请多少分钟以内不算（时钟误差）',
        en: 'Minutes by which acceptance may precede submission: clocks differ',
      },
      unit: 'minutes',
      default: 5,
      minimum: 0,
      maximum: 1440,
    },
    laterBy: {
      meaning: {
        zh: '受理比本件其他情况晚报多少小时算倒签',
        en: 'Hours by which it may be told later than other news of the case',
      },
      unit: 'hours',
      default: 12,
      minimum: 0.5,
      maximum: 720,
    },
  },
  evaluate: ({ input, state }, { tolerance, laterBy }) => {
    const { submittedAt, acceptedAt, acceptedReceivedAt, toldBesideAcceptanceAt } = state;
    // A state of an earlier fold does not say.
    const beside = (toldBesideAcceptanceAt as number | null | undefined) ?? null;
    const values = { submittedAt, acceptedAt, acceptedReceivedAt, toldBesideAcceptanceAt: beside };
    if (acceptedAt === null)
      return { outcome: 'not-evaluated', values, missing: 'acceptance', groundless: true };
    const by = doneBy(input, state.acceptedBy, { zh: '受理人', en: 'by' });
    const findings: Finding[] = [];
    if (submittedAt !== null && submittedAt - acceptedAt > tolerance * MINUTE_MS) {
      findings.push({
        kind: 'risk',
        key: 'before-submission',
        at: submittedAt,
        describe: () => {
          const { zone } = workplaceOf(input);
          const [accepted, submitted] = [acceptedAt, submittedAt].map((one) =>
            momentWords(zone, one, submittedAt),
          );
          return {
            title: caseTitle(input, { zh: '倒签受理', en: 'acceptance back-dated' }),
            reason: {
              zh: `办件 ${state.caseNo} 的受理时间是${accepted?.zh ?? ''}，申请时间却是${submitted?.zh ?? ''}${by.zh}。`,
              en: `Case ${state.caseNo} was accepted ${accepted?.en ?? ''}, but submitted only ${submitted?.en ?? ''}${by.en}.`,
            },
          };
        },
      });
    }
    if (acceptedReceivedAt !== null && beside !== null && acceptedReceivedAt - beside > laterBy * HOUR_MS) {
      findings.push({
        kind: 'risk',
        key: 'told-late',
        at: acceptedReceivedAt,
        describe: () => {
          const { zone } = workplaceOf(input);
          const [accepted, told] = [acceptedAt, acceptedReceivedAt].map((one) =>
            momentWords(zone, one, acceptedAt),
          );
          const length = lengthWords(acceptedReceivedAt - beside);
          return {
            title: caseTitle(input, {
              zh: '受理补报，疑似倒签',
              en: 'acceptance told late, perhaps back-dated',
            }),
            reason: {
              zh: `办件 ${state.caseNo} 的受理时间是${accepted?.zh ?? ''}，却在${told?.zh ?? ''} 才报来，比同一来源此后报来的本件其他情况还晚 ${length.zh}${by.zh}。`,
              en: `Case ${state.caseNo} is said to have been accepted ${accepted?.en ?? ''}, but that was told only ${told?.en ?? ''}, ${length.en} after its source had told of other things of the case that came later${by.en}.`,
            },
          };
        },
      });
    }
    if (findings.length > 0) return { outcome: 'fail', values, findings };
    if (submittedAt === null && beside === null)
      return { outcome: 'not-evaluated', values, missing: 'submission or other news', groundless: true };
    return { outcome: 'pass', values };
  },
});
