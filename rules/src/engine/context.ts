import type { ClockLevel } from '@mingjing/contracts';
import { clockSpecsOf } from '../clock/caseClocks.ts';
import { planOf } from '../clock/plan.ts';
import { rungsOfPlan } from '../clock/project.ts';
import type { ClockSpec } from '../clock/spec.ts';
import type { CaseInput } from '../model.ts';
import type { CaseClock, CaseContext } from '../rule.ts';
import type { CompiledRuleset } from '../ruleset/compile.ts';

function clockOf(
  spec: ClockSpec,
  level: ClockLevel,
  { state }: CaseInput,
  ruleset: CompiledRuleset,
): CaseClock {
  const plan = planOf(spec);
  const ladder = ruleset.ladderFor(state.region, state.matter, level, spec);
  return {
    level,
    label: spec.label ?? null,
    spec,
    plan,
    ladder,
    rungs: ladder ? rungsOfPlan(spec, plan, ladder) : [],
  };
}

/** What the rules on cases are told. A clock that cannot be understood is told as such, not thrown. */
export function contextOf(input: CaseInput, ruleset: CompiledRuleset): CaseContext {
  const { state, at } = input;
  const context: CaseContext = { input, state, at, clock: null, clocks: [], clockErrors: [] };
  for (const spec of clockSpecsOf(state, { ...input, limits: ruleset.limits })) {
    const level = spec.level ?? 'case';
    try {
      const clock = clockOf(spec, level, input, ruleset);
      context.clocks.push(clock);
      if (level === 'case') context.clock = clock;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      context.clockErrors.push({ level, error });
    }
  }
  return context;
}
