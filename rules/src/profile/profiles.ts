import type { Millis } from '@mingjing/contracts';
import type { BudgetUnit } from '../clock/spec.ts';
import type { CaseState } from '../model.ts';

/** How much of a budget cases still needed from some point of their way to their end. */
export interface Need {
  cases: number;
  median: number;
  /** Three in four needed no more. */
  p75: number;
}

export type GroupKind = 'officer' | 'department';

/** How long a group's cases of one matter typically took in one step; `stage` is '' for the whole case. */
export interface GroupStep {
  matter: string;
  stage: string;
  cases: number;
  /** Seconds of opening time, without what the special procedures took. */
  median: number;
}

/** The cases that one officer or department handled. */
export interface GroupProfile {
  kind: GroupKind;
  /** Where it handled them; ids of officers are unique within a region only. */
  region: string;
  id: string;
  steps: GroupStep[];
}

/** What was learned from closed cases. Plain data: it is stored and read back as JSON. */
export interface Profiles {
  /** Counted up by whoever stores them. */
  version: number;
  /** The latest end among the cases, ms since the epoch; null of none. */
  until: Millis | null;
  /** How many closed cases they were learned from. */
  cases: number;
  /** By `needKey`. */
  needs: Record<string, Need>;
  groups: GroupProfile[];
  /** By `peersKey`: the medians of all groups, in seconds, in order. */
  peers: Record<string, number[]>;
  /** By hall: how many counter cases were decided there, and how many had been scanned before. */
  halls: Record<string, { decided: number; scanned: number }>;
}

/** A point on a case's way: it entered a stage, or has completed one and entered no other yet. */
export interface Waypoint {
  stage: string;
  entered: boolean;
  at: Millis;
}

/** Where an open case stands; null while no stage of it is known. */
export function waypointOf({ stages }: Pick<CaseState, 'stages'>): Waypoint | null {
  const open = stages.findLast((span) => span.completedAt === null && span.startedAt !== null);
  if (open && open.startedAt !== null) return { stage: open.stage, entered: true, at: open.startedAt };
  let last: Waypoint | null = null;
  for (const { stage, completedAt } of stages) {
    if (completedAt !== null && completedAt >= (last?.at ?? -Infinity))
      last = { stage, entered: false, at: completedAt };
  }
  return last;
}

export function needKey(matter: string, { stage, entered }: Waypoint, unit: BudgetUnit): string {
  return JSON.stringify([matter, stage, entered, unit]);
}

/** The unit in which the need of a key is told. */
export function unitOfNeed(key: string): BudgetUnit {
  return (JSON.parse(key) as [string, string, boolean, BudgetUnit])[3];
}

export function peersKey(kind: GroupKind, matter: string, stage: string): string {
  return JSON.stringify([kind, matter, stage]);
}

/** The name of a group in fingerprints. */
export function groupId({ kind, region, id }: Pick<GroupProfile, 'kind' | 'region' | 'id'>): string {
  return `${kind}:${region}:${id}`;
}
