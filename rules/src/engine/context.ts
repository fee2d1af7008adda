import { planOf } from '../clock/plan.ts';
import { rungsOfPlan } from '../clock/project.ts';
import { clockSpecOf } from '../clock/spec.ts';
import type { CaseInput } from '../model.ts';
import type { CaseContext } from '../rule.ts';
import type { CompiledRuleset } from '../ruleset/compile.ts';

/** What the rules on cases are told. A clock that cannot be understood is told as such, not thrown. */
export function contextOf(input: CaseInput, ruleset: CompiledRuleset): CaseContext {
  const { state, matter, region, at } = input;
  const context: CaseContext = { input, state, at, clock: null, clockError: null };
  try {
    const spec = clockSpecOf(state, matter, region);
    if (!spec) return context;
    const plan = planOf(spec);
    const ladder = ruleset.ladderFor(state.region, state.matter);
    context.clock = { spec, plan, ladder, rungs: ladder ? rungsOfPlan(spec, plan, ladder) : [] };
  } catch (error) {
    context.clockError = error instanceof Error ? error : new Error(String(error));
  }
  return context;
}
