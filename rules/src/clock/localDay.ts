import type { LocalDate } from '@mingjing/contracts';

/** A local date as a number: days since 1970-01-01. Cheap to compare, add and index by. */
export type DayNumber = number;

export const DAY_MS = 86_400_000;

/** Dates as text, by their numbers: every look at a clock asks for some, and there are few. */
const dates: LocalDate[] = [];

/** @param day days since 1970-01-01 */
export function dateOf(day: DayNumber): LocalDate {
  const known = dates[day];
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  // No day that is counted lies outside 1970 to 2199.
  if (day >= 0 && day < 84_006) dates[day] = date;
  return date;
}

/**
 * @param date YYYY-MM-DD
 * @throws RangeError for a date that does not exist
 */
export function dayNumberOf(date: LocalDate): DayNumber {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms) || dateOf(ms / DAY_MS) !== date) {
    throw new RangeError(`"${date}" is not a date: expected YYYY-MM-DD`);
  }
  return ms / DAY_MS;
}

/** The year a day lies in. */
export function yearOf(day: DayNumber): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** The first of January of a year. */
export function firstDayOf(year: number): DayNumber {
  return Date.UTC(year, 0, 1) / DAY_MS;
}

/** Saturday or Sunday. 1970-01-01 was a Thursday. */
export function isWeekend(day: DayNumber): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}
