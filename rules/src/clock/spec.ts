import type { Budget, CalendarName, ClockLevel, Millis } from '@mingjing/contracts';
import type { Calendar } from './calendar.ts';

/** Opening hours of a working day as local times, "HH:MM" to "HH:MM"; the end may be "24:00". */
export type OpeningHours = readonly (readonly [string, string])[];

/** 09:00–12:00 and 13:30–17:00. */
export const DEFAULT_HOURS: OpeningHours = [
  ['09:00', '12:00'],
  ['13:30', '17:00'],
];

/** Everything a clock is projected from. Instants are integer ms since the epoch. */
export interface ClockSpec {
  clockId: string;
  /** What it runs against; without it, a case. */
  level?: ClockLevel;
  /** The stage's name, or the number of the order, complaint or appeal. */
  label?: string;
  /** IANA zone in which days begin and end. */
  zone: string;
  calendar: CalendarName;
  /** Takes the place of the named calendar: local overrides. */
  workingCalendar?: Calendar;
  startedAt: Millis;
  endedAt: Millis | null;
  budget: Budget;
  /** Budget that was added; in the unit of the budget itself. */
  extensions: readonly { at: Millis; by: Budget }[];
  /** The clock stands still from `from` up to, not including, `to`; null: it still does. May overlap. */
  suspensions: readonly { from: Millis; to: Millis | null }[];
  hours?: OpeningHours;
  /**
   * Where a calendar-day budget ends on a day off: on the next working day (Civil Code, art. 203), or
   * not moved. Without it, the next working day.
   */
  roll?: 'next-working-day' | 'none';
}

export type BudgetUnit = 'workingDays' | 'calendarDays' | 'workingHours' | 'until';

/** The unit a budget is given in. */
export function unitOf(budget: Budget): BudgetUnit {
  if ('workingDays' in budget) return 'workingDays';
  if ('calendarDays' in budget) return 'calendarDays';
  if ('workingHours' in budget) return 'workingHours';
  return 'until';
}

/** The size of a budget in its own unit; null for a planned instant. */
export function amountOf(budget: Budget): number | null {
  if ('workingDays' in budget) return budget.workingDays;
  if ('calendarDays' in budget) return budget.calendarDays;
  return 'workingHours' in budget ? budget.workingHours : null;
}

/** The most days or hours a clock may have, with its extensions: further, no year has a number of four digits. */
const MOST = 100_000;

/**
 * The budget with its extensions, in its unit; null for a planned instant.
 * @throws RangeError when an extension is in another unit: nobody can add hours to days;
 *   when there is more of it than MOST
 */
export function totalOf(spec: ClockSpec): number | null {
  const unit = unitOf(spec.budget);
  let total = amountOf(spec.budget);
  for (const { by } of spec.extensions) {
    if (unitOf(by) !== unit) {
      throw new RangeError(`extensions: ${unitOf(by)} on a budget in ${unit}: expected the same unit`);
    }
    if (total !== null) total += amountOf(by) ?? 0;
  }
  if (total !== null && total > MOST)
    throw new RangeError(`budget: ${total} ${unit} with extensions: expected at most ${MOST}`);
  return total;
}
