import type { Millis } from '@mingjing/contracts';
import type { Calendar } from './calendar.ts';
import { dateOf, type DayNumber } from './localDay.ts';
import type { Plan } from './plan.ts';
import { totalOf, type ClockSpec } from './spec.ts';
import type { ZoneDays } from './zoneDays.ts';

/** Local days on which the clock stands still at the day's end; `last` is Infinity while it still does. */
interface DayRange {
  first: DayNumber;
  last: DayNumber;
}

/** Which days a unit counts at all. */
interface DayCounter {
  count: (from: DayNumber, to: DayNumber) => number;
  nth: (from: DayNumber, n: number) => DayNumber;
}

const everyDay: DayCounter = {
  count: (from, to) => (to < from ? 0 : to - from + 1),
  nth: (from, n) => from + n - 1,
};

/** The same without the dates that a zone left out: they are no local days. */
function without(skipped: readonly DayNumber[], counter: DayCounter): DayCounter {
  if (skipped.length === 0) return counter;
  const counted = skipped.filter((day) => counter.count(day, day) === 1);
  return {
    count: (from, to) => counter.count(from, to) - counted.filter((day) => from <= day && day <= to).length,
    nth: (from, n) => {
      let day = counter.nth(from, n);
      for (const left of counted) if (from <= left && left <= day) day = counter.nth(day + 1, 1);
      return day;
    },
  };
}

/**
 * The days that a suspension ledger takes away, merged and in order. A day counts if the clock runs at its
 * end: the day a suspension begins does not count, the day it ends does. Days under two count out once.
 */
export function suspendedDays(spec: ClockSpec, zone: ZoneDays): DayRange[] {
  const ranges: DayRange[] = [];
  for (const { from, to } of spec.suspensions) {
    const last = to === null ? Infinity : zone.dayOf(to) - 1;
    const first = zone.dayOf(from);
    if (last >= first) ranges.push({ first, last });
  }
  if (ranges.length < 2) return ranges;
  ranges.sort((a, b) => a.first - b.first);
  const merged: DayRange[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before && range.first <= before.last + 1) before.last = Math.max(before.last, range.last);
    else merged.push(range);
  }
  return merged;
}

/** How many days of `counter` from `from` to `through` the clock was running. */
function countRunning(counter: DayCounter, ranges: DayRange[], from: DayNumber, through: DayNumber): number {
  let cursor = from;
  let sum = 0;
  for (const { first, last } of ranges) {
    if (first > through) break;
    sum += counter.count(cursor, first - 1);
    cursor = Math.max(cursor, last + 1);
  }
  return cursor > through ? sum : sum + counter.count(cursor, through);
}

/** The n-th day of `counter` from `from` on which the clock is running; null if it stands still before. */
function nthRunning(counter: DayCounter, ranges: DayRange[], from: DayNumber, n: number): DayNumber | null {
  let cursor = from;
  let missing = n;
  for (const { first, last } of ranges) {
    const here = counter.count(cursor, first - 1);
    if (here >= missing) break;
    missing -= here;
    cursor = Math.max(cursor, last + 1);
    if (cursor === Infinity) return null;
  }
  return counter.nth(cursor, missing);
}

/**
 * Whether a year without a notice lies among the working days that were asked for, from `first` on: to the
 * due date or, of a clock that was stopped for good, to the last day at whose end it ran.
 */
function restsOnProvisional(
  calendar: Calendar,
  ranges: DayRange[],
  first: DayNumber | null,
  due: DayNumber | null,
): boolean {
  const last = due ?? (ranges.at(-1)?.first ?? -Infinity) - 1;
  return first !== null && last >= first && calendar.isProvisional(first, last);
}

/** Number of the day on which a share of the budget is reached: 90 % of 15 days is the 14th. */
function dayNumberOfShare(share: number, total: number): number {
  // The subtraction undoes what binary fractions add: 0.55 × 20 is 11, not 11.000000000000002.
  return Math.max(1, Math.ceil(share * total - 1e-9));
}

/**
 * Works out a budget in working days or calendar days. Day 1 is the first local day after the local date of
 * the start that counts; the due date is the N-th counted day, whole (Licensing Law, art. 82; Civil Code,
 * art. 201 and 203). A share is reached at the beginning of the counted day of that number.
 */
export function planDays(spec: ClockSpec, zone: ZoneDays, calendar: Calendar): Plan {
  const total = totalOf(spec);
  if (total === null || !Number.isInteger(total) || total < 1) {
    throw new RangeError(`budget: ${String(total)} days: expected a whole number from 1`);
  }
  const inWorkingDays = 'workingDays' in spec.budget;
  const working = without(zone.skipped, calendar);
  const counter = inWorkingDays ? working : without(zone.skipped, everyDay);
  const ranges = suspendedDays(spec, zone);
  const first = zone.dayOf(spec.startedAt) + 1;
  const lastCounted = nthRunning(counter, ranges, first, total);
  const rolls = !inWorkingDays && spec.roll !== 'none';
  const due = lastCounted !== null && rolls ? working.nth(lastCounted, 1) : lastCounted;
  // Calendar days ask for working days only when they roll.
  const asksFrom = inWorkingDays ? first : rolls ? lastCounted : null;
  const usedThrough = (day: DayNumber): number => {
    // The days over which a due date rolls are not counted.
    if (due === null || lastCounted === null || due === lastCounted || day <= lastCounted)
      return countRunning(counter, ranges, first, day);
    return total + countRunning(counter, ranges, due + 1, day);
  };
  return {
    total,
    dueDate: due === null ? null : dateOf(due),
    dueAt: due === null ? null : zone.endOf(due),
    provisional: restsOnProvisional(calendar, ranges, asksFrom, due),
    usedAt: (instant: Millis) => usedThrough(zone.dayOf(instant)),
    suspendedAt: (instant) => {
      const day = zone.dayOf(instant);
      return ranges.length === 0 ? 0 : counter.count(first, day) - countRunning(counter, ranges, first, day);
    },
    shareAt: (share) => {
      const day = nthRunning(counter, ranges, first, dayNumberOfShare(share, total));
      return day === null ? null : zone.startOf(day);
    },
  };
}
