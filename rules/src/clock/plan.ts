import type { LocalDate, Millis } from '@mingjing/contracts';
import { calendarOf, type Calendar } from './calendar.ts';
import { planDays } from './dayBudget.ts';
import { planHours } from './hourBudget.ts';
import { planInstant } from './instantBudget.ts';
import { unitOf, type ClockSpec } from './spec.ts';
import { zoneDaysOf, type ZoneDays } from './zoneDays.ts';

/** A clock worked out: when it is due, and what is used up when. The same for every kind of budget. */
export interface Plan {
  /** The whole budget with extensions, in its unit; null for a planned instant. */
  total: number | null;
  /** The due date of a budget in days; null for others and while the clock stands still. */
  dueDate: LocalDate | null;
  /** The last instant that is in time; null while the clock stands still before it was due. */
  dueAt: Millis | null;
  /** The due date hangs on a year without a holiday notice. */
  provisional: boolean;
  /** What is used up at an instant, in the budget's unit; null for a planned instant. */
  usedAt: (instant: Millis) => number | null;
  /** What would have been used up as well by then, had the clock not been stopped. */
  suspendedAt: (instant: Millis) => number;
  /** From when a share of the budget (above 0, up to 1) is used up; null while it cannot be told. */
  shareAt: (share: number) => Millis | null;
}

/** The calendar a clock is counted in. */
export function calendarFor(spec: ClockSpec): Calendar {
  return spec.workingCalendar ?? calendarOf(spec.calendar);
}

/** The zone a clock is counted in. @throws RangeError for an unknown zone */
export function zoneFor(spec: ClockSpec): ZoneDays {
  return zoneDaysOf(spec.zone);
}

/**
 * Works a clock out.
 * @throws RangeError that names the field: an unknown zone, a budget that is no positive number,
 *   opening hours that cannot be read, an `until` that is no time
 */
export function planOf(spec: ClockSpec): Plan {
  const zone = zoneFor(spec);
  const calendar = calendarFor(spec);
  switch (unitOf(spec.budget)) {
    case 'workingDays':
    case 'calendarDays':
      return planDays(spec, zone, calendar);
    case 'workingHours':
      return planHours(spec, zone, calendar);
    case 'until':
      return planInstant(spec);
  }
}
