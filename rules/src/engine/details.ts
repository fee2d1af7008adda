import type { ClockDetail, Ruleset } from '@mingjing/contracts';
import { explainClock } from '../clock/explain.ts';
import { projectionOf } from '../clock/project.ts';
import type { CaseInput } from '../model.ts';
import { shippedRules } from '../rules/registry.ts';
import { compileRuleset } from '../ruleset/compile.ts';
import { contextOf } from './context.ts';

/**
 * The clocks of a case with their arithmetic and ladders as they stand at `input.at`, its own first: what
 * evaluate judges by. One whose zone, hours or extension cannot be understood is left out; evaluate has raised
 * an alert of that.
 * @throws RangeError when the ruleset itself is wrong
 */
export function clockDetails(input: CaseInput, ruleset: Ruleset): ClockDetail[] {
  const { clocks } = contextOf(input, compileRuleset(ruleset, shippedRules));
  return clocks.map(({ spec, plan, ladder, rungs }) => ({
    ...projectionOf(spec, plan, input.at),
    days: explainClock(spec, input.at),
    rungs,
    ladder: ladder?.name ?? '',
    ladderEn: ladder?.nameEn,
    asOf: input.at,
  }));
}
