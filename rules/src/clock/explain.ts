import type { ClockDay, DayMark, Millis } from '@mingjing/contracts';
import type { Calendar } from './calendar.ts';
import { suspendedDays } from './dayBudget.ts';
import { dateOf, dayNumberOf, isWeekend, type DayNumber } from './localDay.ts';
import { calendarFor, planOf, zoneFor, type Plan } from './plan.ts';
import { unitOf, type ClockSpec } from './spec.ts';
import type { ZoneDays } from './zoneDays.ts';

/** No explanation is longer than this many days. */
export const LONGEST_EXPLANATION = 400;

type Marker = (day: DayNumber) => { mark: DayMark; counts: boolean };

function markOf(calendar: Calendar, day: DayNumber): DayMark {
  const { working, name } = calendar.kindOf(day);
  if (working) return isWeekend(day) ? 'make-up' : 'counted';
  return name === null && isWeekend(day) ? 'weekend' : 'holiday';
}

/** Marks the days of a budget in working days or calendar days. */
function dayMarker(spec: ClockSpec, zone: ZoneDays, calendar: Calendar): Marker {
  const ranges = suspendedDays(spec, zone);
  const inWorkingDays = 'workingDays' in spec.budget;
  return (day) => {
    const mark = markOf(calendar, day);
    const dayOff = mark === 'weekend' || mark === 'holiday';
    if (inWorkingDays && dayOff) return { mark, counts: false };
    if (ranges.some(({ first, last }) => first <= day && day <= last))
      return { mark: 'suspended', counts: false };
    return { mark: inWorkingDays ? mark : 'counted', counts: true };
  };
}

/** Marks the days of a budget in hours: a day counts if any of its opening hours did. */
function hourMarker(plan: Plan, zone: ZoneDays, calendar: Calendar): Marker {
  return (day) => {
    const mark = markOf(calendar, day);
    if (mark === 'weekend' || mark === 'holiday') return { mark, counts: false };
    const [start, end] = [zone.startOf(day), zone.startOf(day + 1)];
    const counts = (plan.usedAt(end) ?? 0) > (plan.usedAt(start) ?? 0);
    if (counts) return { mark, counts };
    return { mark: plan.suspendedAt(end) > plan.suspendedAt(start) ? 'suspended' : 'before-hours', counts };
  };
}

function markerFor(spec: ClockSpec, plan: Plan, zone: ZoneDays, calendar: Calendar): Marker {
  switch (unitOf(spec.budget)) {
    case 'workingDays':
    case 'calendarDays':
      return dayMarker(spec, zone, calendar);
    case 'workingHours':
      return hourMarker(plan, zone, calendar);
    case 'until':
      return () => ({ mark: 'counted', counts: true });
  }
}

/** The last day to explain: the due date, or the day of the end (or of `asOf`) when that is later. */
function lastDay(spec: ClockSpec, due: DayNumber | null, zone: ZoneDays, asOf: Millis): DayNumber {
  const today = zone.dayOf(spec.endedAt ?? asOf);
  return due === null ? today : Math.max(due, today);
}

/**
 * The arithmetic of a deadline, day by day: from the start date to the due date, or to the day of the end
 * (or of `asOf`) when it is late or has no due date. At most LONGEST_EXPLANATION days, from the start.
 * Days after a rolled calendar-day budget's last counted one carry no number.
 * @param asOf ms since the epoch
 * @throws RangeError as projectClock
 */
export function explainClock(spec: ClockSpec, asOf: Millis): ClockDay[] {
  const [plan, zone, calendar] = [planOf(spec), zoneFor(spec), calendarFor(spec)];
  const dueDay = plan.dueDate === null ? null : dayNumberOf(plan.dueDate);
  const due = dueDay ?? (plan.dueAt === null ? null : zone.dayOf(plan.dueAt));
  const first = zone.dayOf(spec.startedAt);
  const last = Math.min(lastDay(spec, due, zone, asOf), first + LONGEST_EXPLANATION - 1);
  const marker = markerFor(spec, plan, zone, calendar);
  const startCounts = unitOf(spec.budget) === 'workingHours' && marker(first).counts;
  const days: ClockDay[] = [
    {
      date: dateOf(first),
      mark: 'start',
      number: startCounts ? 1 : null,
      name: calendar.kindOf(first).name,
      late: false,
    },
  ];
  let number = startCounts ? 1 : 0;
  for (let day = first + 1; day <= last; day += 1) {
    const late = due !== null && day > due;
    const rolling = plan.total !== null && number === plan.total && !late && dueDay !== null;
    const { mark, counts } = rolling ? { mark: markOf(calendar, day), counts: false } : marker(day);
    if (counts) number += 1;
    days.push({
      date: dateOf(day),
      mark,
      number: counts ? number : null,
      name: calendar.kindOf(day).name,
      late,
    });
  }
  return days;
}
