import type { CaseContext, CaseRule, Rule, Verdict } from '../rule.ts';

/** What became of one rule on one subject. A rule that threw gives its error, and others run on. */
export interface RuleResult {
  rule: Rule;
  verdict: Verdict | null;
  error: Error | null;
}

export type CaseRuleResult = RuleResult & { rule: CaseRule };

function failed(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Runs a rule on a case, as runRule: the one that runs for every rule at every event. */
export function runCaseRule(
  rule: CaseRule,
  context: CaseContext,
  parameters: Readonly<Record<string, number>>,
): CaseRuleResult {
  try {
    return { rule, verdict: rule.evaluate(context, parameters), error: null };
  } catch (error) {
    return { rule, verdict: null, error: failed(error) };
  }
}

/** Runs a rule; whatever it throws is told, not passed on. */
export function runRule(rule: Rule, evaluate: () => Verdict): RuleResult {
  try {
    return { rule, verdict: evaluate(), error: null };
  } catch (error) {
    return { rule, verdict: null, error: failed(error) };
  }
}
