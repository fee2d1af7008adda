import type { Millis } from '@mingjing/contracts';
import { caseInputOf, type CaseInput, type HeldJudgement } from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import type { Rules } from '../rulebook.ts';

/** A case as the engine is told of it; undefined where its region is not known (any more). */
export function caseInput(
  { directory, rules }: { directory: Directory; rules: Rules },
  held: HeldJudgement,
  at: Millis,
): CaseInput | undefined {
  const input = caseInputOf(directory, rules.calendars(), held, at);
  return input && { ...input, profiles: rules.profiles?.() ?? null };
}
