import type { Ruleset } from '@mingjing/contracts';
import type { CameraRule, CaseRule, GroupRule, Rule, SourceRule } from '../rule.ts';
import { shippedRules } from '../rules/registry.ts';
import { ladderChooser, type LadderChooser } from './ladderChooser.ts';
import { checkSettings, rulesByRegion, type Enabled } from './ruleSettings.ts';

/** A ruleset that was checked and made ready to run. */
export interface CompiledRuleset {
  version: number;
  limits: Ruleset['limits'];
  /** The rules that run in a region, with their parameters there. */
  caseRules: (region: string) => Enabled<CaseRule>[];
  sourceRules: (region: string) => Enabled<SourceRule>[];
  groupRules: (region: string) => Enabled<GroupRule>[];
  cameraRules: (region: string) => Enabled<CameraRule>[];
  ladderFor: LadderChooser;
}

function compile(ruleset: Ruleset, rules: readonly Rule[]): CompiledRuleset {
  checkSettings(ruleset, rules);
  return {
    version: ruleset.version,
    limits: ruleset.limits,
    caseRules: rulesByRegion(
      ruleset,
      rules.filter((rule) => rule.subject === 'case'),
    ),
    sourceRules: rulesByRegion(
      ruleset,
      rules.filter((rule) => rule.subject === 'source'),
    ),
    groupRules: rulesByRegion(
      ruleset,
      rules.filter((rule) => rule.subject === 'group'),
    ),
    cameraRules: rulesByRegion(
      ruleset,
      rules.filter((rule) => rule.subject === 'camera'),
    ),
    ladderFor: ladderChooser(ruleset),
  };
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
