import { caseRule } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';

/** 不予许可未说明理由. */
export const refusalWithoutReason = caseRule({
  id: 'refusal-without-reason',
  version: 1,
  name: { zh: '不予许可未说明理由', en: 'Refusal without a reason' },
  basis: {
    zh: '《行政许可法》第三十八条第二款：不予行政许可的书面决定应当说明理由，并告知救济权利。',
    en: 'Administrative Licensing Law, art. 38(2): a written refusal states its reasons and the remedies.',
  },
  looksAt: {
    zh: '不予许可的决定是否写明理由。',
    en: 'Whether a decision to refuse tells its reason.',
  },
  cannotTell: {
    zh: '尚未决定，或不知道决定结果。',
    en: 'There is no decision yet, or its outcome is not known.',
  },
  parameters: {},
  evaluate: ({ input, state }) => {
    const { outcome, refusalReason, endedAt, endedBy } = state;
    const values = { outcome, refusalReason, endedBy };
    if (endedBy !== 'decided' || endedAt === null)
      return { outcome: 'not-evaluated', values, missing: 'decision', groundless: true };
    if (outcome === null) return { outcome: 'not-evaluated', values, missing: 'outcome', groundless: true };
    if (outcome !== 'refused' || (refusalReason ?? '').trim() !== '') return { outcome: 'pass', values };
    return {
      outcome: 'fail',
      values,
      findings: [
        {
          kind: 'risk',
          key: '',
          at: endedAt,
          describe: () => ({
            title: caseTitle(input, { zh: '不予许可未说明理由', en: 'refused without a reason' }),
            reason: {
              zh: `办件 ${state.caseNo} 的决定是不予许可，没有写明理由。`,
              en: `Case ${state.caseNo} was refused and no reason was given.`,
            },
          }),
        },
      ],
    };
  },
});
