import {
  inScope,
  regionPrefix,
  type ClockLevel,
  type Ladder,
  type LadderAssignment,
  type Ruleset,
} from '@mingjing/contracts';
import { dateOf } from '../clock/localDay.ts';
import { zoneDaysOf } from '../clock/zoneDays.ts';
import type { ClockSpec } from '../clock/spec.ts';

/** The ladder of a clock; null where no assignment matches. */
export type LadderChooser = (
  region: string,
  matter: string | null,
  level: ClockLevel,
  spec: Pick<ClockSpec, 'startedAt' | 'zone'>,
) => Ladder | null;

interface Choice {
  ladder: Ladder;
  /** The first local start date for which it holds; '' for all. */
  from: string;
}

/** Matter names come from outside: the memory of choices stays bounded. */
const MOST_REMEMBERED = 50_000;

function rankOf({ region, matter }: LadderAssignment): number {
  return (region === undefined ? 0 : regionPrefix(region).length) + (matter === undefined ? 0 : 100);
}

/**
 * Chooses ladders as a ruleset assigns them: a matter's own before any region's, among equals the longest
 * region, among these the latest that was in effect on the local date on which the clock started.
 * @throws RangeError for an assignment that names a ladder nobody knows
 */
export function ladderChooser(ruleset: Pick<Ruleset, 'ladders' | 'assignments'>): LadderChooser {
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
      return { assignment, ladder, from: assignment.from ?? '', rank: rankOf(assignment) };
    })
    .sort((a, b) => b.rank - a.rank || (a.from < b.from ? 1 : a.from > b.from ? -1 : 0));
  const remembered = new Map<string, Choice[]>();

  function choicesFor(region: string, matter: string | null, level: ClockLevel): Choice[] {
    const key = `${level} ${region} ${matter ?? ''}`;
    let choices = remembered.get(key);
    if (!choices) {
      choices = ranked.filter(
        ({ assignment: one }) =>
          (one.level ?? 'case') === level &&
          (one.region === undefined || inScope(one.region, region)) &&
          (one.matter === undefined || one.matter === matter),
      );
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(key, choices);
    }
    return choices;
  }

  return (region, matter, level, spec) => {
    const choices = choicesFor(region, matter, level);
    if (choices.every(({ from }) => from === '')) return choices[0]?.ladder ?? null;
    const started = dateOf(zoneDaysOf(spec.zone).dayOf(spec.startedAt));
    return choices.find(({ from }) => from <= started)?.ladder ?? null;
  };
}
