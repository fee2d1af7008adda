import type { ClockDay, DayMark, Millis } from '@mingjing/contracts';
import type { Calendar } from './calendar.ts';
import { suspendedDays } from './dayBudget.ts';
import { countsHoursOf } from './hourBudget.ts';
import { dateOf, dayNumberOf, isWeekend, type DayNumber } from './localDay.ts';
import { calendarFor, planOf, zoneFor } from './plan.ts';
import { unitOf, type ClockSpec } from './spec.ts';
import type { ZoneDays } from './zoneDays.ts';

/** No explanation is longer than this many days, unless a longer one is asked for. */
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
function hourMarker(spec: ClockSpec, zone: ZoneDays, calendar: Calendar): Marker {
  const running = { ...spec, suspensions: [] };
  return (day) => {
    const mark = markOf(calendar, day);
    if (mark === 'weekend' || mark === 'holiday') return { mark, counts: false };
    if (countsHoursOf(spec, zone, day)) return { mark, counts: true };
    return { mark: countsHoursOf(running, zone, day) ? 'suspended' : 'before-hours', counts: false };
  };
}

function markerFor(spec: ClockSpec, zone: ZoneDays, calendar: Calendar): Marker {
  switch (unitOf(spec.budget)) {
    case 'workingDays':
    case 'calendarDays':
      return dayMarker(spec, zone, calendar);
    case 'workingHours':
      return hourMarker(spec, zone, calendar);
    case 'until':
      return () => ({ mark: 'counted', counts: true });
  }
}

/**
 * The last day to explain: the due date, or the day of the end (or of `asOf`) when that is later. Of a clock
 * that was stopped for good, the day on which it was, at least.
 */
function lastDay(spec: ClockSpec, due: DayNumber | null, zone: ZoneDays, asOf: Millis): DayNumber {
  const today = zone.dayOf(spec.endedAt ?? asOf);
  if (due !== null) return Math.max(due, today);
  const stopped = spec.suspensions.filter(({ to }) => to === null).map(({ from }) => zone.dayOf(from));
  return Math.max(today, Math.min(...stopped));
}

/**
 * The arithmetic of a deadline, day by day: from the start date to the due date, or to the day of the end
 * (or of `asOf`) when it is late or has no due date. At most `longest` days, from the start. Days after a
 * rolled calendar-day budget's last counted one, up to the due date, carry no number.
 * @param asOf ms since the epoch
 * @throws RangeError as projectClock
 */
export function explainClock(spec: ClockSpec, asOf: Millis, longest = LONGEST_EXPLANATION): ClockDay[] {
  const [plan, zone, calendar] = [planOf(spec), zoneFor(spec), calendarFor(spec)];
  const dueDay = plan.dueDate === null ? null : dayNumberOf(plan.dueDate);
  const due = dueDay ?? (plan.dueAt === null ? null : zone.dayOf(plan.dueAt));
  const first = zone.dayOf(spec.startedAt);
  const last = Math.min(lastDay(spec, due, zone, asOf), first + longest - 1);
  const marker = markerFor(spec, zone, calendar);
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
    if (zone.skipped.includes(day)) continue;
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
