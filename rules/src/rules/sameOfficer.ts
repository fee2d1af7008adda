import { caseRule } from '../rule.ts';
import { caseTitle, personName } from '../words/caseWords.ts';

/** 受理与决定同为一人: nobody else has looked at the case. */
export const sameOfficer = caseRule({
  id: 'same-officer',
  version: 1,
  name: { zh: '受理与决定同为一人', en: 'One officer accepts and decides' },
  basis: {
    zh: '《行政许可法》第三十四条（审查；需实质核实的应指派两名以上工作人员）；不相容岗位相分离。',
    en: 'Administrative Licensing Law, art. 34 (examination; two officers or more where the substance is verified); separation of incompatible duties.',
  },
  looksAt: {
    zh: '受理人与决定人是否同一人。',
    en: 'Whether the officer who accepted is the one who decided.',
  },
  cannotTell: {
    zh: '尚未决定，或不知道由谁受理、由谁决定。',
    en: 'There is no decision yet, or it is not known who accepted or who decided.',
  },
  parameters: {},
  evaluate: ({ input, state }) => {
    const { acceptedBy, decidedBy, endedAt, endedBy } = state;
    const values = { acceptedBy, decidedBy, endedBy };
    if (endedBy !== 'decided' || endedAt === null)
      return { outcome: 'not-evaluated', values, missing: 'decision', groundless: true };
    if (acceptedBy === null)
      return { outcome: 'not-evaluated', values, missing: 'officer of the acceptance', groundless: true };
    if (decidedBy === null)
      return { outcome: 'not-evaluated', values, missing: 'officer of the decision', groundless: true };
    if (acceptedBy !== decidedBy) return { outcome: 'pass', values };
    return {
      outcome: 'fail',
      values,
      findings: [
        {
          kind: 'risk',
          key: '',
          at: endedAt,
          describe: () => ({
            title: caseTitle(input, { zh: '受理与决定同为一人', en: 'accepted and decided by one officer' }),
            reason: {
              zh: `办件 ${state.caseNo} 由 ${personName(input, acceptedBy)} 受理，也由同一人作出决定。`,
              en: `Case ${state.caseNo} was accepted by ${personName(input, acceptedBy)} and decided by the same person.`,
            },
          }),
        },
      ],
    };
  },
});
