import type { Millis, Ruleset, Sentence } from '@mingjing/contracts';
import { projectionOf } from '../clock/project.ts';
import type { CaseInput, EngineChange, EngineInput, GroupInput, SourceInput } from '../model.ts';
import { groupId } from '../profile/profiles.ts';
import type { CaseContext, Rule } from '../rule.ts';
import { compileRuleset, type CompiledRuleset } from '../ruleset/compile.ts';
import { shippedRules } from '../rules/registry.ts';
import { silentCollector } from '../rules/silentCollector.ts';
import { alertChanges, NOT_WATCHED, RULE_WORKS } from './alertChanges.ts';
import { alertOn, failureAlert, failureFingerprint, findingFingerprint } from './alerts.ts';
import { cardChanges, nextRungAt } from './cards.ts';
import { contextOf } from './context.ts';
import { evaluateCamera } from './evaluateCamera.ts';
import { runCaseRule, runRule, type CaseRuleResult, type RuleResult } from './run.ts';

const HEARD_AGAIN: Sentence = { zh: '已恢复数据。', en: 'Data comes again.' };
const OVER: Sentence = { zh: '已恢复正常。', en: 'All is well again.' };
const NOTHING_EXPECTED: Sentence = { zh: '该采集源已停用。', en: 'The source was switched off.' };

/** What a rule's result means for cards and alerts; a finding that cannot be told is a failure of its rule. */
function ruleChanges(context: CaseContext, result: CaseRuleResult, version: number): EngineChange[] {
  const { input } = context;
  const { rule, verdict } = result;
  try {
    const cards = rule.cards && verdict ? cardChanges(context, rule, verdict, version) : [];
    return [...cards, ...alertChanges(input, input.state.caseId, result)];
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return alertChanges(input, input.state.caseId, { rule, verdict: null, error });
  }
}

/** The projections of the case's clocks, the first with the earliest look that a rule asked for. */
function clockChanges({ input, clocks }: CaseContext, lookAt: Millis | null): EngineChange[] {
  const { at, state } = input;
  if (clocks.length === 0 && lookAt !== null) return [{ type: 'look', caseId: state.caseId, at: lookAt }];
  return clocks.map((clock, index) => {
    const rungAt = nextRungAt(clock, at);
    const nextAt = index > 0 || lookAt === null ? rungAt : Math.min(rungAt ?? lookAt, lookAt);
    const projection = projectionOf(clock.spec, clock.plan, at);
    return { type: 'clock', caseId: state.caseId, clock: projection, rungs: clock.rungs, nextAt };
  });
}

/** Whether a result can change anything: a pass changes only what stands. */
function isQuiet({ issued, standing }: CaseInput, { verdict }: CaseRuleResult): boolean {
  if (verdict === null || verdict.outcome === 'fail') return false;
  return issued.length === 0 && (standing === undefined || standing.length === 0);
}

function evaluateCase(input: CaseInput, ruleset: CompiledRuleset): EngineChange[] {
  const context = contextOf(input, ruleset);
  const judged: EngineChange[] = [];
  let lookAt: Millis | null = null;
  for (const { rule, parameters } of ruleset.caseRules(input.state.region)) {
    const result = runCaseRule(rule, context, parameters);
    const asked = result.verdict?.lookAt ?? null;
    if (asked !== null && asked > input.at) lookAt = Math.min(lookAt ?? asked, asked);
    if (isQuiet(input, result)) continue;
    for (const change of ruleChanges(context, result, ruleset.version)) judged.push(change);
  }
  return [...clockChanges(context, lookAt), ...judged];
}

/** Which alerts of a rule stand on a source: a silence, and whatever else is named. */
function standingOf({ silent, standing = [], source }: SourceInput, rule: Rule): readonly string[] {
  const own = findingFingerprint(rule, source.id, '');
  if (rule.id === silentCollector.id) return silent ? [own] : [];
  return standing.filter((one) => one === own || one.startsWith(`${own}|`));
}

/** Why what a rule found on a source does not hold any more. */
function overOn(rule: Rule, { source }: SourceInput): Sentence {
  if (source.disabled) return NOTHING_EXPECTED;
  return rule.id === silentCollector.id ? HEARD_AGAIN : OVER;
}

/** Ends an alert of a source. A silence that a person closed is over already. */
function endOn({ at }: SourceInput, rule: Rule, fingerprint: string, reason: Sentence): EngineChange {
  const gone = { type: 'alert.rescinded' as const, fingerprint, at, reason };
  return rule.id === silentCollector.id ? gone : { ...gone, evenClosed: true };
}

/** What a rule's result means for its alerts of a source. */
function sourceChanges(input: SourceInput, { rule, verdict }: RuleResult): EngineChange[] {
  if (verdict === null || verdict.outcome === 'not-evaluated') return [];
  const { source } = input;
  const standing = standingOf(input, rule);
  const findings = verdict.outcome === 'fail' ? verdict.findings : [];
  const found = new Set(findings.map(({ key }) => findingFingerprint(rule, source.id, key)));
  const over = standing.filter((fingerprint) => !found.has(fingerprint));
  const reason = overOn(rule, input);
  const ended = over.map((fingerprint) => endOn(input, rule, fingerprint, reason));
  const raised = findings.flatMap((finding): EngineChange[] => {
    const fingerprint = findingFingerprint(rule, source.id, finding.key);
    if (standing.includes(fingerprint)) return [];
    const { values } = verdict;
    const told = { fingerprint, kind: finding.kind, at: finding.at, values, ...finding.describe() };
    return [{ type: 'alert.raised', alert: alertOn(input, rule, told) }];
  });
  return [...ended, ...raised];
}

function evaluateSource(
  input: SourceInput,
  ruleset: CompiledRuleset,
  rules: readonly Rule[],
): EngineChange[] {
  const changes: EngineChange[] = [];
  const enabled = ruleset.sourceRules(input.source.region);
  // A standing silence holds the cases of its source: nobody else would ever let them go.
  for (const rule of rules) {
    if (rule.subject !== 'source' || enabled.some((one) => one.rule === rule)) continue;
    for (const fingerprint of standingOf(input, rule))
      changes.push(endOn(input, rule, fingerprint, NOT_WATCHED));
  }
  for (const { rule, parameters } of enabled) {
    const result = runRule(rule, () => rule.evaluate(input, parameters));
    const { error } = result;
    const failure = failureFingerprint(rule, input.source.id);
    const failed = input.failed?.includes(failure) ?? false;
    if (error && !failed) changes.push({ type: 'alert.raised', alert: failureAlert(input, rule, error) });
    if (!error && failed)
      changes.push({ type: 'alert.rescinded', fingerprint: failure, at: input.at, reason: RULE_WORKS });
    changes.push(...sourceChanges(input, result));
  }
  return changes;
}

function evaluateGroup(input: GroupInput, ruleset: CompiledRuleset): EngineChange[] {
  const subject = groupId(input.group);
  return ruleset.groupRules(input.group.region).flatMap(({ rule, parameters }) => {
    const result = runRule(rule, () => rule.evaluate(input, parameters));
    return alertChanges(input, subject, result);
  });
}

/**
 * Looks at one case, source, group or camera at one instant and tells what must change. Pure: the same input and ruleset
 * give the same changes, on the live stream, in a replay and in a test.
 *
 * A case gives its `clock`s first, then per rule: cards rescinded and issued, alerts raised and rescinded.
 * A rung is issued once its instant is not after `input.at`, nor after the case's end, and does not stand.
 * A rule that throws gives an alert of kind `rule-failed` and leaves its cards and alerts as they are.
 * @throws RangeError when the ruleset itself is wrong (check it with compileRuleset when it is published)
 */
export function evaluate(
  input: EngineInput,
  ruleset: Ruleset,
  rules: readonly Rule[] = shippedRules,
): EngineChange[] {
  const compiled = compileRuleset(ruleset, rules);
  switch (input.type) {
    case 'case':
      return evaluateCase(input, compiled);
    case 'source':
      return evaluateSource(input, compiled, rules);
    case 'group':
      return evaluateGroup(input, compiled);
    case 'camera':
      return evaluateCamera(input, compiled, rules);
  }
}

/**
 * What every enabled rule says of a case, also those that pass or cannot tell: for the case page.
 * @throws RangeError as evaluate
 */
export function verdictsOf(
  input: CaseInput,
  ruleset: Ruleset,
  rules: readonly Rule[] = shippedRules,
): RuleResult[] {
  const compiled = compileRuleset(ruleset, rules);
  const context = contextOf(input, compiled);
  return compiled
    .caseRules(input.state.region)
    .map(({ rule, parameters }) => runCaseRule(rule, context, parameters));
}
