import { inScope, regionPrefix, type Ladder, type Ruleset } from '@mingjing/contracts';
import { readParameters, type CaseRule, type Rule, type SourceRule } from '../rule.ts';
import { shippedRules } from '../rules/registry.ts';

interface Enabled<R extends Rule> {
  rule: R;
  parameters: Readonly<Record<string, number>>;
}

/** A ruleset that was checked and made ready to run. */
export interface CompiledRuleset {
  version: number;
  caseRules: Enabled<CaseRule>[];
  sourceRules: Enabled<SourceRule>[];
  /** The ladder of a region and matter; null where no assignment matches. */
  ladderFor: (region: string, matter: string | null) => Ladder | null;
}

/** A matter's own assignment goes before any region's; among equals the longest region, then the first. */
function ladderChooser(ruleset: Ruleset): CompiledRuleset['ladderFor'] {
  const ladders = new Map(ruleset.ladders.map((ladder) => [ladder.id, ladder]));
  const ranked = ruleset.assignments
    .map((assignment, index) => {
      const ladder = ladders.get(assignment.ladder);
      if (!ladder) {
        const known = [...ladders.keys()].join(', ');
        throw new RangeError(
          `assignments.${index}.ladder: "${assignment.ladder}": expected one of: ${known}`,
        );
      }
      const length = assignment.region === undefined ? 0 : regionPrefix(assignment.region).length;
      return { ...assignment, ladder, rank: length + (assignment.matter === undefined ? 0 : 100) };
    })
    .sort((a, b) => b.rank - a.rank);
  const chosen = new Map<string, Ladder | null>();
  return (region, matter) => {
    const key = `${region} ${matter ?? ''}`;
    let ladder = chosen.get(key);
    if (ladder === undefined) {
      const match = ranked.find(
        (one) =>
          (one.region === undefined || inScope(one.region, region)) &&
          (one.matter === undefined || one.matter === matter),
      );
      ladder = match?.ladder ?? null;
      // Matter names come from outside: the memory of choices stays bounded.
      if (chosen.size >= 50_000) chosen.clear();
      chosen.set(key, ladder);
    }
    return ladder;
  };
}

function compile(ruleset: Ruleset, rules: readonly Rule[]): CompiledRuleset {
  for (const id of Object.keys(ruleset.rules)) {
    if (!rules.some((rule) => rule.id === id)) {
      const known = rules.map((rule) => rule.id).join(', ');
      throw new RangeError(`rules.${id} is not known: expected one of: ${known}`);
    }
  }
  const caseRules: Enabled<CaseRule>[] = [];
  const sourceRules: Enabled<SourceRule>[] = [];
  for (const rule of rules) {
    const settings = ruleset.rules[rule.id];
    if (!settings?.enabled) continue;
    const parameters = readParameters(rule, settings.parameters);
    if (rule.subject === 'case') caseRules.push({ rule, parameters });
    else sourceRules.push({ rule, parameters });
  }
  return { version: ruleset.version, caseRules, sourceRules, ladderFor: ladderChooser(ruleset) };
}

const ready = new WeakMap<Ruleset, WeakMap<readonly Rule[], CompiledRuleset>>();

/**
 * Checks a ruleset and makes it ready to run; done once per ruleset object, which must not change after.
 * A rule that the ruleset does not name is off.
 * @throws RangeError that names the rule, ladder or parameter, its value and what was expected
 */
export function compileRuleset(ruleset: Ruleset, rules: readonly Rule[] = shippedRules): CompiledRuleset {
  let byRules = ready.get(ruleset);
  if (!byRules) {
    byRules = new WeakMap();
    ready.set(ruleset, byRules);
  }
  let compiled = byRules.get(rules);
  if (!compiled) {
    compiled = compile(ruleset, rules);
    byRules.set(rules, compiled);
  }
  return compiled;
}

/** The ladder that a ruleset gives a region and matter; null where no assignment matches. */
export function ladderFor(ruleset: Ruleset, region: string, matter: string | null): Ladder | null {
  return compileRuleset(ruleset).ladderFor(region, matter);
}
