import type { Millis, Sentence } from '@mingjing/contracts';
import { defaultRuleset, verdictsOf, type CaseInput, type Finding, type Verdict } from '../src/index.ts';

/** What one shipped rule, with its defaults, says of a case. @throws what the rule threw */
export function verdict(rule: string, input: CaseInput): Verdict {
  const result = verdictsOf(input, defaultRuleset).find((one) => one.rule.id === rule);
  if (result?.error) throw result.error;
  if (!result?.verdict) throw new Error(`no rule ${rule} is shipped`);
  return result.verdict;
}

function findingsOf(rule: string, input: CaseInput): Finding[] {
  const said = verdict(rule, input);
  return said.outcome === 'fail' ? said.findings : [];
}

/** What a rule finds: key and instant. */
export function foundBy(rule: string, input: CaseInput): [string, Millis][] {
  return findingsOf(rule, input).map(({ key, at }) => [key, at]);
}

/** The reasons a rule gives. */
export function sentences(rule: string, input: CaseInput): Sentence[] {
  return findingsOf(rule, input).map((finding) => finding.describe().reason);
}
