import type { Millis } from '@mingjing/contracts';
import { clockSpecOf, type ClockPlace } from '../clock/caseClocks.ts';
import { planOf, type Plan } from '../clock/plan.ts';
import { unitOf, type BudgetUnit } from '../clock/spec.ts';
import type { CaseState } from '../model.ts';
import { openTimeOf } from './openTime.ts';
import {
  needKey,
  unitOfNeed,
  peersKey,
  type GroupKind,
  type GroupProfile,
  type Profiles,
  type Waypoint,
} from './profiles.ts';
import { Sketch } from './sketch.ts';

/** A closed case, with what its clock is counted by. */
export interface ClosedCase {
  state: CaseState;
  place: ClockPlace;
}

/** Days below 22 come out exactly. */
const NEED_BINS = 32;
/** Durations of people's work differ by far more than the 9 % of a bin. */
const STEP_BINS = 8;
/** A group with fewer cases of a step tells nothing of itself, and is no peer. */
const LEAST_CASES = 20;
/** More officers than handle one matter's step: nothing that a source makes up fills the memory. */
const MOST_GROUPS = 10_000;

interface Learned {
  kind: GroupKind;
  region: string;
  id: string;
  sketch: Sketch;
}

/** How much opening time something took, without the special procedures, seconds. */
function workedSeconds(
  state: CaseState,
  openTime: (from: Millis, to: Millis) => number,
  from: Millis,
  to: Millis,
): number {
  let ms = openTime(from, to);
  for (const span of state.suspensions) {
    const [stopped, resumed] = [Math.max(from, span.from), Math.min(to, span.to ?? to)];
    if (stopped < resumed) ms -= openTime(stopped, resumed);
  }
  return Math.max(0, ms) / 1000;
}

/** Every point on the way of a case after which it still took some time to its end. */
function waypointsOf({ stages }: CaseState, end: Millis): Waypoint[] {
  return stages
    .flatMap(({ stage, startedAt, completedAt }) => [
      ...(startedAt === null ? [] : [{ stage, entered: true, at: startedAt }]),
      ...(completedAt === null ? [] : [{ stage, entered: false, at: completedAt }]),
    ])
    .filter(({ at }) => at <= end);
}

/**
 * Learns from closed cases, one at a time, in any order: the same cases give the same profiles. Memory grows
 * with matters, stages, officers and departments, not with cases. Cases of matters that are not known and
 * stages that their paths do not name are left out.
 */
export class ProfileLearner {
  readonly #needs = new Map<string, Sketch>();
  /** By peersKey, then by region and id. */
  readonly #steps = new Map<string, Map<string, Learned>>();
  readonly #halls = new Map<string, { decided: number; scanned: number }>();
  #cases = 0;
  #until: Millis | null = null;

  /**
   * Takes one case in; one that was not decided, or never accepted, teaches nothing.
   * @throws RangeError when its clock cannot be understood; nothing of it has been taken in then
   */
  add({ state, place }: ClosedCase): void {
    const { acceptedAt, endedAt, endedBy } = state;
    if (endedBy !== 'decided' || endedAt === null || acceptedAt === null) return;
    const path = new Set(place.matter?.stages);
    this.#learnNeeds(state, place, path);
    this.#cases += 1;
    this.#until = Math.max(this.#until ?? endedAt, endedAt);
    this.#learnHall(state, endedAt);
    if (place.matter) this.#learnSteps(state, place, place.matter.id, path);
  }

  finish(version: number): Profiles {
    const needs: Profiles['needs'] = {};
    for (const [key, sketch] of inOrder(this.#needs)) {
      const exact = exactly(unitOfNeed(key));
      needs[key] = {
        cases: sketch.count,
        median: exact(sketch.quantile(0.5)),
        p75: exact(sketch.quantile(0.75)),
      };
    }
    const groups = new Map<string, GroupProfile>();
    const peers: Profiles['peers'] = {};
    for (const [key, members] of inOrder(this.#steps)) {
      const [, matter, stage] = JSON.parse(key) as [GroupKind, string, string];
      const medians: number[] = [];
      for (const [name, { kind, region, id, sketch }] of inOrder(members)) {
        if (sketch.count < LEAST_CASES) continue;
        const median = sketch.quantile(0.5);
        medians.push(median);
        const group = groups.get(`${kind} ${name}`) ?? { kind, region, id, steps: [] };
        group.steps.push({ matter, stage, cases: sketch.count, median });
        groups.set(`${kind} ${name}`, group);
      }
      if (medians.length > 0) peers[key] = medians.sort((a, b) => a - b);
    }
    const sorted = inOrder(groups).map(([, group]) => group);
    const halls = Object.fromEntries(inOrder(this.#halls));
    return { version, until: this.#until, cases: this.#cases, needs, groups: sorted, peers, halls };
  }

  #learnHall({ hall, channel, scannedAt }: CaseState, endedAt: Millis): void {
    if (hall === null || channel !== 'counter') return;
    const { decided, scanned } = this.#halls.get(hall) ?? { decided: 0, scanned: 0 };
    const wasScanned = scannedAt !== null && scannedAt <= endedAt;
    this.#halls.set(hall, { decided: decided + 1, scanned: scanned + (wasScanned ? 1 : 0) });
  }

  #learnNeeds(state: CaseState, place: ClockPlace, path: ReadonlySet<string>): void {
    const spec = clockSpecOf(state, place);
    if (!spec || !place.matter || state.endedAt === null || state.stages.length === 0) return;
    const unit = unitOf(spec.budget);
    const plan = planOf(spec);
    const total = unit === 'until' ? null : plan.usedAt(state.endedAt);
    if (total === null) return;
    const seen = new Set<string>();
    for (const point of waypointsOf(state, state.endedAt)) {
      const key = needKey(place.matter.id, point, unit);
      // A case counts once at each point: a stage that is done again and again must not outweigh others.
      if (!path.has(point.stage) || seen.has(key)) continue;
      seen.add(key);
      this.#need(key).add(needed(plan, total, point, unit));
    }
  }

  #need(key: string): Sketch {
    const known = this.#needs.get(key);
    if (known) return known;
    const made = new Sketch(NEED_BINS);
    this.#needs.set(key, made);
    return made;
  }

  #learnSteps(state: CaseState, place: ClockPlace, matter: string, path: ReadonlySet<string>): void {
    const { region, department, acceptedAt, endedAt, stages } = state;
    const openTime = openTimeOf(place);
    for (const { stage, startedAt, completedAt, officer } of stages) {
      if (startedAt === null || completedAt === null || !path.has(stage)) continue;
      const seconds = workedSeconds(state, openTime, startedAt, completedAt);
      this.#learnStep('department', region, department, peersKey('department', matter, stage), seconds);
      this.#learnStep('officer', region, officer, peersKey('officer', matter, stage), seconds);
    }
    if (acceptedAt === null || endedAt === null || endedAt < acceptedAt) return;
    const seconds = workedSeconds(state, openTime, acceptedAt, endedAt);
    this.#learnStep('department', region, department, peersKey('department', matter, ''), seconds);
  }

  #learnStep(kind: GroupKind, region: string, id: string | null, key: string, seconds: number): void {
    if (id === null) return;
    const members = this.#steps.get(key) ?? new Map<string, Learned>();
    if (members.size === 0) this.#steps.set(key, members);
    const name = `${region} ${id}`;
    let learned = members.get(name);
    if (!learned) {
      if (members.size >= MOST_GROUPS) return;
      learned = { kind, region, id, sketch: new Sketch(STEP_BINS) };
      members.set(name, learned);
    }
    learned.sketch.add(seconds);
  }
}

/** What a case needed from a point on, in the unit of its budget; days are whole. */
function needed(plan: Plan, total: number, point: Waypoint, unit: BudgetUnit): number {
  const rest = Math.max(0, total - (plan.usedAt(point.at) ?? 0));
  return unit === 'workingHours' ? rest : Math.round(rest);
}

/** Undoes what the bins of a sketch blur: days are whole, hours are told to the hundredth. */
function exactly(unit: BudgetUnit): (amount: number) => number {
  return unit === 'workingHours' ? (amount) => Math.round(amount * 100) / 100 : Math.round;
}

function inOrder<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Learns from all closed cases that are given.
 * @param version to count them by
 */
export function learnProfiles(cases: Iterable<ClosedCase>, version = 1): Profiles {
  const learner = new ProfileLearner();
  for (const one of cases) learner.add(one);
  return learner.finish(version);
}
