import { caseRule, type Finding } from '../rule.ts';
import { caseTitle, personName } from '../words/caseWords.ts';
import { lengthWords } from '../words/moments.ts';

/** 秒办: a step that nobody can have worked on. */
export const stepInSeconds = caseRule({
  id: 'step-in-seconds',
  version: 1,
  name: { zh: '环节秒办', en: 'Step closed in seconds' },
  basis: {
    zh: '《行政许可法》第三十四条：行政机关应当对申请材料进行审查。',
    en: 'Administrative Licensing Law, art. 34: the authority examines what was submitted.',
  },
  looksAt: {
    zh: '每个环节从开始到完成用了多久；短于参数的报告。',
    en: 'How long each step took from start to end; one shorter than the parameter is told.',
  },
  cannotTell: {
    zh: '没有一个环节同时知道开始和完成时间。',
    en: 'No step is known by both its start and its end.',
  },
  parameters: {
    shortest: {
      meaning: { zh: '一个环节至少需要的时间', en: 'The shortest time a step can take' },
      unit: 'seconds',
      default: 10,
      minimum: 0,
      maximum: 86_400,
    },
  },
  evaluate: ({ input, state }, { shortest }) => {
    const findings: Finding[] = [];
    let timed = 0;
    for (const { stage, startedAt, completedAt, officer } of state.stages) {
      if (startedAt === null || completedAt === null) continue;
      timed += 1;
      if (completedAt - startedAt >= shortest * 1000) continue;
      const length = lengthWords(completedAt - startedAt);
      findings.push({
        kind: 'risk',
        key: `${startedAt}:${stage}`,
        at: completedAt,
        describe: () => ({
          title: caseTitle(input, { zh: `环节“${stage}”秒办`, en: `step “${stage}” closed in seconds` }),
          reason: {
            zh: `办件 ${state.caseNo} 的环节“${stage}”从开始到完成只有 ${length.zh}${officer === null ? '' : `，经办 ${personName(input, officer)}`}。`,
            en: `Step “${stage}” of case ${state.caseNo} took ${length.en}${officer === null ? '' : `, by ${personName(input, officer)}`}.`,
          },
        }),
      });
    }
    const values = { stages: state.stages.length, timed, shortest };
    if (findings.length > 0) return { outcome: 'fail', values, findings };
    if (timed === 0)
      return { outcome: 'not-evaluated', values, missing: 'a step with start and end', groundless: true };
    return { outcome: 'pass', values };
  },
});
