import type { Matter, Sentence } from '@mingjing/contracts';
import type { ExtensionGrant } from '../model.ts';
import { caseRule, type Finding } from '../rule.ts';
import { amountWords } from '../words/budgetWords.ts';
import { caseTitle } from '../words/caseWords.ts';
import { momentWords } from '../words/moments.ts';
import { workplaceOf } from './workplace.ts';

/** From this legal limit on a matter is handled jointly: art. 42(2). */
const JOINT_DAYS = 45;

function isJoint(matter: Matter | null): boolean {
  return matter !== null && 'workingDays' in matter.legal && matter.legal.workingDays >= JOINT_DAYS;
}

interface Bounds {
  longest: number;
  most: number;
}

/** What is wrong with one extension, the n-th of its case. */
function faultsOf(
  { by, approver, reason }: ExtensionGrant,
  index: number,
  { longest, most }: Bounds,
): Sentence[] {
  const faults: Sentence[] = [];
  if ((approver ?? '').trim() === '') faults.push({ zh: '没有批准人', en: 'nobody approved it' });
  if ((reason ?? '').trim() === '') faults.push({ zh: '没有说明理由', en: 'no reason is given' });
  if ('workingDays' in by && by.workingDays > longest) {
    const [given, allowed] = [
      amountWords(by.workingDays, 'workingDays'),
      amountWords(longest, 'workingDays'),
    ];
    faults.push({
      zh: `延长 ${given.zh}，最多 ${allowed.zh}`,
      en: `${given.en} were added, ${allowed.en} at most may be`,
    });
  }
  if (index >= most)
    faults.push({ zh: `是第 ${index + 1} 次延期`, en: `it is extension number ${index + 1}` });
  return faults;
}

/** 擅自延期: a limit that was extended otherwise than the law allows. */
export const extensionWithoutApprover = caseRule({
  id: 'extension-without-approver',
  version: 1,
  name: { zh: '延期不合规定', en: 'Extension without approval' },
  basis: {
    zh: '《行政许可法》第四十二条：经本行政机关负责人批准可以延长十日（联合办理的，经本级人民政府负责人批准可以延长十五日），并应当将延长期限的理由告知申请人。',
    en: 'Administrative Licensing Law, art. 42: 10 more days with the approval of the head of the authority (15 where handled jointly, approved by the head of the government), and the applicant is told why.',
  },
  looksAt: {
    zh: '每次延期有无批准人、有无理由、是否超过法定可延长的工作日、是否不止一次。法定时限达 45 个工作日的事项按联合办理。',
    en: 'Whether each extension names who approved it and why, adds no more working days than the law allows, and is the only one. Matters with a legal limit of 45 working days count as handled jointly.',
  },
  cannotTell: {
    zh: '总能判断有无批准人和理由；以日历日、小时或时刻延长的，不判断长短。',
    en: 'It always can for approver and reason; the length is not judged where it is in calendar days, hours or an instant.',
  },
  parameters: {
    longest: {
      meaning: { zh: '最多可延长的工作日', en: 'Working days that may be added at most' },
      unit: 'days',
      default: 10,
      minimum: 1,
      maximum: 250,
    },
    longestJoint: {
      meaning: { zh: '联合办理事项最多可延长的工作日', en: 'The same for matters that are handled jointly' },
      unit: 'days',
      default: 15,
      minimum: 1,
      maximum: 250,
    },
    most: {
      meaning: { zh: '最多可延期几次', en: 'How often a case may be extended' },
      unit: 'times',
      default: 1,
      minimum: 0,
      maximum: 10,
    },
  },
  evaluate: ({ input, state }, { longest, longestJoint, most }) => {
    const { extensions } = state;
    if (extensions.length === 0) return { outcome: 'pass', values: { extensions: 0 } };
    const bounds: Bounds = { longest: isJoint(input.matter) ? longestJoint : longest, most };
    const findings = extensions.flatMap((extension, index): Finding[] => {
      const faults = faultsOf(extension, index, bounds);
      if (faults.length === 0) return [];
      return [
        {
          kind: 'risk',
          key: `${extension.at}`,
          at: extension.at,
          describe: () => {
            const when = momentWords(workplaceOf(input).zone, extension.at, state.acceptedAt ?? extension.at);
            return {
              title: caseTitle(input, { zh: '延期不合规定', en: 'extended against the rules' }),
              reason: {
                zh: `办件 ${state.caseNo} 于${when.zh} 延期：${faults.map(({ zh }) => zh).join('；')}。`,
                en: `Case ${state.caseNo} was extended at ${when.en}: ${faults.map(({ en }) => en).join('; ')}.`,
              },
            };
          },
        },
      ];
    });
    const values = { extensions: extensions.length, ...bounds };
    return findings.length > 0 ? { outcome: 'fail', values, findings } : { outcome: 'pass', values };
  },
});
