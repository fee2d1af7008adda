import type { Rule, Verdict } from '../rule.ts';

/** What became of one rule on one subject. A rule that threw gives its error, and others run on. */
export interface RuleResult {
  rule: Rule;
  verdict: Verdict | null;
  error: Error | null;
}

/** Runs a rule; whatever it throws is told, not passed on. */
export function runRule(rule: Rule, evaluate: () => Verdict): RuleResult {
  try {
    return { rule, verdict: evaluate(), error: null };
  } catch (error) {
    return { rule, verdict: null, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
