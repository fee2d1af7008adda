import type { Budget, ClockLevel, Limit, Matter, Region, Ruleset } from '@mingjing/contracts';
import type { CaseState, Proceeding } from '../model.ts';
import { shippedCalendars, type Calendars } from './calendars.ts';
import { legalDefaults } from './legalDefaults.ts';
import type { ClockSpec, OpeningHours } from './spec.ts';

/** Where and under which limits a case's clocks run. */
export interface ClockPlace {
  matter: Matter | null;
  region: Region;
  hall?: { hours?: OpeningHours | undefined } | null | undefined;
  calendars?: Calendars | undefined;
  /** The ruleset's limits of orders, complaints and appeals. */
  limits?: Ruleset['limits'];
}

/** The name of the clock of a case itself. */
export function caseClockId(caseId: string): string {
  return `case:${caseId}`;
}

/** A label in a clock's name: without a colon, so that no clock of one case is called like one of another. */
function inName(label: string): string {
  return label.replaceAll('%', '%25').replaceAll(':', '%3A');
}

/** What a clock runs against, by its name. */
export function levelOfClock(clockId: string): ClockLevel {
  return clockId.slice(0, clockId.indexOf(':')) as ClockLevel;
}

type Part = Pick<ClockSpec, 'clockId' | 'startedAt' | 'endedAt' | 'budget'> & Partial<ClockSpec>;

/** Puts a clock into its zone, calendar and opening hours. */
function placed(state: CaseState, place: ClockPlace, limit: Limit | null, part: Part): ClockSpec {
  const { region, hall, calendars = shippedCalendars } = place;
  const calendar = limit?.calendar ?? region.calendar;
  const workingCalendar = calendars.of(state.region, calendar);
  const hours = hall?.hours;
  return {
    extensions: [],
    suspensions: [],
    zone: limit?.zone ?? region.zone,
    calendar,
    workingCalendar,
    ...(hours && { hours }),
    ...part,
  };
}

/**
 * The clock of a case itself: from acceptance to its end, on the case's own limit or else the matter's
 * promised one, in the limit's zone and calendar or else the region's.
 * @returns null while the case is not accepted, or when nobody says what limit it has
 */
export function clockSpecOf(state: CaseState, place: ClockPlace): ClockSpec | null {
  const budget = state.limit?.budget ?? place.matter?.promised;
  if (state.acceptedAt === null || !budget) return null;
  return placed(state, place, state.limit, {
    clockId: caseClockId(state.caseId),
    startedAt: state.acceptedAt,
    endedAt: state.endedAt,
    budget,
    extensions: state.extensions,
    suspensions: state.suspensions,
  });
}

/** The clocks of its stages that have a limit; a special procedure stops them as it stops the case. */
function stageClocks(state: CaseState, place: ClockPlace, into: ClockSpec[]): void {
  const limits = place.matter?.stageLimits;
  if (!limits) return;
  const seen = new Map<string, number>();
  for (const { stage, startedAt, completedAt } of state.stages) {
    const time = (seen.get(stage) ?? 0) + 1;
    seen.set(stage, time);
    const budget: Budget | undefined = Object.hasOwn(limits, stage) ? limits[stage] : undefined;
    if (!budget || startedAt === null) continue;
    into.push(
      placed(state, place, null, {
        // By name and time of passing: a stage told late must not take over another's clock.
        clockId: `stage:${state.caseId}:${inName(stage)}#${time}`,
        ...{ level: 'stage', label: stage, startedAt, budget, suspensions: state.suspensions },
        endedAt: completedAt ?? (state.endedAt === null ? null : Math.max(state.endedAt, startedAt)),
      }),
    );
  }
}

function proceedingClock(state: CaseState, place: ClockPlace, proceeding: Proceeding): ClockSpec {
  const { kind, id, openedAt, answeredAt, limit } = proceeding;
  const budget = limit?.budget ?? place.limits?.[kind] ?? legalDefaults[kind].budget;
  return placed(state, place, limit, {
    clockId: `${kind}:${state.caseId}:${inName(id)}`,
    ...{ level: kind, label: id, startedAt: openedAt, endedAt: answeredAt, budget },
  });
}

/**
 * Every clock of a case: its own first, then those of its stages, its delivery, its orders, complaints and
 * appeals. All are the same machinery; only what starts and ends them differs.
 */
export function clockSpecsOf(state: CaseState, place: ClockPlace): ClockSpec[] {
  const own = clockSpecOf(state, place);
  const specs: ClockSpec[] = own ? [own] : [];
  stageClocks(state, place, specs);
  const delivery = place.matter?.delivery;
  if (delivery && state.endedBy === 'decided' && state.endedAt !== null && state.outcome === 'granted') {
    const clockId = `delivery:${state.caseId}`;
    const [startedAt, endedAt] = [state.endedAt, state.deliveredAt];
    specs.push(
      placed(state, place, null, { clockId, level: 'delivery', startedAt, endedAt, budget: delivery }),
    );
  }
  for (const proceeding of state.proceedings) specs.push(proceedingClock(state, place, proceeding));
  return specs;
}
