import type { Card, Millis } from '@mingjing/contracts';
import type { CaseInput, CaseState } from '@mingjing/rules';
import type { Directory } from '../directory.ts';
import type { Rules } from '../rulebook.ts';

/** A case as the engine is told of it; undefined where its region is not known (any more). */
export function caseInput(
  { directory, rules }: { directory: Directory; rules: Rules },
  { state, cards, standing }: { state: CaseState; cards: Card[]; standing: string[] },
  at: Millis,
): CaseInput | undefined {
  const region = directory.region(state.region);
  if (!region) return undefined;
  const department = directory.department(state.department);
  return {
    type: 'case',
    at,
    state,
    region,
    matter: directory.matter(state.matter),
    hall: directory.hall(state.hall),
    calendars: rules.calendars(),
    issued: cards,
    standing,
    departmentName: department ? { zh: department.name, en: department.nameEn } : null,
  };
}
