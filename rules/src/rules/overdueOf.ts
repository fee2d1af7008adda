import type { ClockLevel, Sentence } from '@mingjing/contracts';
import {
  caseRule,
  type CaseClock,
  type CaseContext,
  type CaseRule,
  type Finding,
  type Values,
  type Verdict,
} from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';
import { clockWords, whatIsLate } from '../words/clockWords.ts';

function findingsOf({ input, at }: CaseContext, clock: CaseClock): Finding[] {
  const { spec, plan } = clock;
  const until = Math.min(at, spec.endedAt ?? at);
  const findings: Finding[] = [];
  for (const { rung, at: reached } of clock.rungs) {
    if (reached === null || reached > until) continue;
    const exceeded = plan.dueAt !== null && reached > plan.dueAt;
    findings.push({
      kind: rung,
      card: { clock, rung },
      key: rung,
      at: reached,
      describe: () => ({
        title: caseTitle(input, whatIsLate(clock, exceeded)),
        reason: clockWords(input.state.caseNo, clock, reached),
      }),
    });
  }
  return findings;
}

function valuesOf(clocks: CaseClock[]): Values {
  const [clock] = clocks;
  return {
    clocks: clocks.length,
    ...(clock && {
      startedAt: clock.spec.startedAt,
      endedAt: clock.spec.endedAt,
      dueAt: clock.plan.dueAt,
      total: clock.plan.total,
      ladder: clock.ladder?.id ?? null,
    }),
  };
}

const NO_CLOCK: Verdict = { outcome: 'pass', values: { clocks: 0 } };

interface OverdueFacts {
  id: string;
  version: number;
  name: Sentence;
  basis: Sentence;
}

/**
 * Defines the rule that issues the cards of one level: the rungs of their ladders that its clocks have
 * reached. Every level is judged alike.
 */
export function overdueOf(level: ClockLevel, facts: OverdueFacts): CaseRule {
  return caseRule({
    ...facts,
    looksAt: {
      zh: '时钟到达发牌阶梯的哪一级：额度用到几成，或已超过；停表不计，延期计入。到一级发一张牌，记录更正后不成立的撤销。',
      en: 'Which rungs of its ladder a clock has reached: a share of the budget, or more than all of it; suspensions are not counted, extensions are added. One card a rung; one that a correction takes the ground from is rescinded.',
    },
    cannotTell: {
      zh: '办件没有时限，或没有为这类时钟指定发牌阶梯。',
      en: 'The case has no limit, or no ladder is assigned to clocks of this level.',
    },
    cards: level,
    parameters: {},
    evaluate: (context) => {
      // Most cases have no clock but their own.
      if (
        level !== 'case' &&
        context.clockErrors.length === 0 &&
        !context.clocks.some((one) => one.level === level)
      )
        return NO_CLOCK;
      for (const failed of context.clockErrors) if (failed.level === level) throw failed.error;
      const clocks = context.clocks.filter((clock) => clock.level === level);
      const values = valuesOf(clocks);
      if (level === 'case' && clocks.length === 0 && context.state.acceptedAt !== null)
        return { outcome: 'not-evaluated', values, missing: 'limit' };
      if (clocks.some((clock) => clock.ladder === null))
        return { outcome: 'not-evaluated', values, missing: 'ladder' };
      const findings = clocks.flatMap((clock) => findingsOf(context, clock));
      return findings.length > 0 ? { outcome: 'fail', values, findings } : { outcome: 'pass', values };
    },
  });
}
