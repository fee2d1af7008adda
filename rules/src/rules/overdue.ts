import type { Sentence } from '@mingjing/contracts';
import { caseRule, type CaseClock, type CaseContext, type Finding } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';
import { clockWords } from '../words/clockWords.ts';

function whatHappened(exceeded: boolean, ended: boolean): Sentence {
  if (!exceeded) return { zh: '即将到期', en: 'nearly due' };
  return ended ? { zh: '逾期办结', en: 'completed late' } : { zh: '逾期未办结', en: 'overdue' };
}

function findingsOf({ input, state, at }: CaseContext, clock: CaseClock): Finding[] {
  const until = Math.min(at, state.endedAt ?? at);
  const findings: Finding[] = [];
  for (const { rung, at: reached } of clock.rungs) {
    if (reached === null || reached > until) continue;
    const exceeded = clock.plan.dueAt !== null && reached > clock.plan.dueAt;
    findings.push({
      kind: rung,
      rung,
      key: rung,
      at: reached,
      describe: () => ({
        title: caseTitle(input, whatHappened(exceeded, state.endedAt !== null)),
        reason: clockWords(state.caseNo, clock, reached),
      }),
    });
  }
  return findings;
}

/** 预警、黄牌、红牌: the rungs of the ladder that the case's clock has reached. */
export const overdue = caseRule({
  id: 'overdue',
  version: 1,
  name: { zh: '办件时限', en: 'Case time limit' },
  basis: {
    zh: '《行政许可法》第四十二条（二十日内作出决定，经批准可延长十日）、第四十五条（听证、检验等时间不计）、第八十二条（以工作日计算）；承诺时限以事项公示为准。',
    en: 'Administrative Licensing Law, art. 42 (decision within 20 days, 10 more with approval), art. 45 (hearings, tests and the like are not counted), art. 82 (working days); the promised limit as published for the matter.',
  },
  parameters: {},
  evaluate: (context) => {
    const { state, clock } = context;
    if (context.clockError) throw context.clockError;
    if (state.acceptedAt === null) return { outcome: 'pass', values: { acceptedAt: null } };
    if (!clock) return { outcome: 'not-evaluated', values: { matter: state.matter }, missing: 'limit' };
    if (!clock.ladder)
      return { outcome: 'not-evaluated', values: { region: state.region }, missing: 'ladder' };
    const values = {
      acceptedAt: state.acceptedAt,
      endedAt: state.endedAt,
      dueAt: clock.plan.dueAt,
      total: clock.plan.total,
      ladder: clock.ladder.id,
    };
    const findings = findingsOf(context, clock);
    return findings.length > 0 ? { outcome: 'fail', values, findings } : { outcome: 'pass', values };
  },
});
