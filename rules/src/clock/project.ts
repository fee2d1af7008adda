import type { ClockProjection, Ladder, Millis, RungProjection } from '@mingjing/contracts';
import { planOf, type Plan } from './plan.ts';
import type { ClockSpec } from './spec.ts';

/** Whether the clock stands still at an instant. */
function standsAt(spec: ClockSpec, instant: Millis): boolean {
  return spec.suspensions.some(({ from, to }) => from <= instant && (to === null || to > instant));
}

/** The projection of a clock that was worked out already. */
export function projectionOf(spec: ClockSpec, plan: Plan, asOf: Millis): ClockProjection {
  const at = spec.endedAt ?? asOf;
  return {
    clockId: spec.clockId,
    level: spec.level ?? 'case',
    label: spec.label ?? null,
    budget: spec.budget,
    zone: spec.zone,
    calendar: spec.calendar,
    startedAt: spec.startedAt,
    endedAt: spec.endedAt,
    dueDate: plan.dueDate,
    dueAt: plan.dueAt,
    suspended: spec.endedAt === null && standsAt(spec, asOf),
    provisional: plan.provisional,
    total: plan.total,
    used: plan.usedAt(at),
    overdue: plan.dueAt !== null && at > plan.dueAt,
  };
}

/**
 * Projects a clock: when it is due and how much of it is used at `asOf`, or at its end if it has one.
 * `used` counts the current day as soon as it has begun: on the due date nothing remains, and all is in time.
 * @param asOf ms since the epoch
 * @throws RangeError that names the field: zone, budget or hours that cannot be understood
 */
export function projectClock(spec: ClockSpec, asOf: Millis): ClockProjection {
  return projectionOf(spec, planOf(spec), asOf);
}

/** The rungs of a clock that was worked out already. */
export function rungsOfPlan(spec: ClockSpec, plan: Plan, ladder: Ladder): RungProjection[] {
  return ladder.rungs.map(({ rung, at }) => {
    const exceededAt = plan.dueAt === null ? null : plan.dueAt + 1;
    const reached = 'exceeded' in at ? exceededAt : plan.shareAt(at.used);
    // A planned deadline may lie before the start: nothing is reached before the clock runs.
    return { rung, at: reached === null ? null : Math.max(reached, spec.startedAt) };
  });
}

/**
 * When each rung of a ladder is reached. A share r of N days is reached at the beginning, local 00:00, of
 * counted day number ⌈r·N⌉: 90 % of 15 days when day 14 begins. For hours and planned instants it is
 * proportional. "Exceeded" is the first instant after the last one that is in time.
 * @throws RangeError as projectClock
 */
export function rungsOf(spec: ClockSpec, ladder: Ladder): RungProjection[] {
  return rungsOfPlan(spec, planOf(spec), ladder);
}
