import type { Card, Department, Hall, Matter, Millis, Region } from '@mingjing/contracts';
import type { Calendars } from '../clock/calendars.ts';
import type { CaseInput, CaseState } from '../model.ts';

/** What a case is looked up in: the same for the live centre, a replay and a test. */
export interface CaseDirectory {
  region(code: string): Region | undefined;
  matter(id: string | null): Matter | null;
  hall(id: string | null): Hall | null;
  department(id: string | null): Pick<Department, 'name' | 'nameEn'> | null;
  /** What an officer is called; where it is not there, ids stand for names. */
  nameOf?: (officer: string) => string;
}

/** A case beside what was decided of it before. */
export interface HeldJudgement {
  state: CaseState;
  /** The cards that stand. */
  cards: readonly Card[];
  /** Fingerprints of its alerts that are not cards and were not rescinded. */
  standing: readonly string[];
}

/** A case as the engine is told of it; undefined where its region is not known (any more). */
export function caseInputOf(
  directory: CaseDirectory,
  calendars: Calendars,
  { state, cards, standing }: HeldJudgement,
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
    calendars,
    issued: cards,
    standing,
    departmentName: department ? { zh: department.name, en: department.nameEn } : null,
    ...(directory.nameOf && { nameOf: directory.nameOf }),
  };
}
