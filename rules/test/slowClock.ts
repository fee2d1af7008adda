/**
 * The counting of clocks, written down from its definition as literally as can be: date by date, quarter of an
 * hour by quarter of an hour. Slow; shares nothing with src/.
 */
import { Temporal } from 'temporal-polyfill';

/** All instants, openings and offsets lie on quarters of an hour. */
export const QUARTER = 900_000;
const FAR_DAYS = 700;
const FAR_QUARTERS = 42 * 96;

export interface SlowClock {
  zone: string;
  isWorking: (date: string) => boolean;
  /** Whether the year's notice of holidays is out. */
  isCovered: (year: number) => boolean;
  hours: readonly (readonly [string, string])[];
  startedAt: number;
  endedAt: number | null;
  asOf: number;
  unit: 'workingDays' | 'calendarDays' | 'workingHours' | 'until';
  /** The budget and each extension: days, hours, or an instant. */
  amounts: number[];
  suspensions: { from: number; to: number | null }[];
  roll: boolean;
}

export interface SlowVerdict {
  due: string | number | null;
  overdue: boolean;
  provisional: boolean;
  /** Days or hours used by the end, or by asOf; null for a planned instant. */
  used: number | null;
  /** The dates on which something counted, from the start as far as this was followed. */
  counted: string[];
}

type Zoned = Temporal.ZonedDateTime;

function local(zone: string, instant: number): Zoned {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
}

function dateAt(clock: SlowClock, instant: number): string {
  return local(clock.zone, instant).toPlainDate().toString();
}

function runs({ suspensions }: SlowClock, instant: number): boolean {
  return !suspensions.some(({ from, to }) => from <= instant && (to === null || instant < to));
}

/** Since when the clock has never run again; null if it does. */
function stoppedAt({ suspensions }: SlowClock): number | null {
  const open = suspensions.filter(({ to }) => to === null).map(({ from }) => from);
  if (open.length === 0) return null;
  let stopped = Math.min(...open);
  for (;;) {
    // It may have stood still before under another suspension that ended no sooner.
    const now = stopped;
    const earlier = suspensions.find(({ from, to }) => from < now && to !== null && now <= to);
    if (!earlier) return stopped;
    stopped = earlier.from;
  }
}

/** The last millisecond of a local date. */
export function endOfDate(zone: string, date: string): number {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1;
}

/** Local dates after the date of the start. A date that the zone left out is none. */
function* datesAfterStart(clock: SlowClock): Generator<string> {
  let date = local(clock.zone, clock.startedAt).toPlainDate();
  for (let i = 0; i < FAR_DAYS; i += 1) {
    date = date.add({ days: 1 });
    if (date.toZonedDateTime(clock.zone).toPlainDate().equals(date)) yield date.toString();
  }
}

/** "A day counts if it is a working day of the calendar and the clock is running at the end of that day." */
function counts(clock: SlowClock, date: string): boolean {
  if (clock.unit === 'workingDays' && !clock.isWorking(date)) return false;
  return runs(clock, endOfDate(clock.zone, date));
}

function isUncovered(clock: SlowClock, from: string, to: string): boolean {
  if (to < from) return false;
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1)
    if (!clock.isCovered(year)) return true;
  return false;
}

/** The N-th counted day, and the day it rolls to. */
function dueOfDays(clock: SlowClock, total: number): { last: string; due: string } | null {
  let number = 0;
  let last: string | null = null;
  for (const date of datesAfterStart(clock)) {
    if (last === null && counts(clock, date)) {
      number += 1;
      if (number === total) last = date;
    }
    if (last === null) continue;
    if (clock.unit === 'workingDays' || !clock.roll || clock.isWorking(date)) return { last, due: date };
  }
  return null;
}

/** The last date at whose end a clock that was stopped for good was running; null if it runs. */
function lastRunningDate(clock: SlowClock): string | null {
  const stopped = stoppedAt(clock);
  if (stopped === null) return null;
  let date = Temporal.PlainDate.from(dateAt(clock, stopped));
  do date = date.subtract({ days: 1 });
  while (!runs(clock, endOfDate(clock.zone, date.toString())));
  return date.toString();
}

function isProvisionalInDays(clock: SlowClock, found: { last: string; due: string } | null): boolean {
  const until = found?.due ?? lastRunningDate(clock);
  if (clock.unit === 'calendarDays')
    return clock.roll && found !== null && isUncovered(clock, found.last, found.due);
  const [first = ''] = datesAfterStart(clock);
  return until !== null && isUncovered(clock, first, until);
}

function inDays(clock: SlowClock): SlowVerdict {
  const found = dueOfDays(
    clock,
    clock.amounts.reduce((sum, n) => sum + n, 0),
  );
  const at = dateAt(clock, clock.endedAt ?? clock.asOf);
  const counted: string[] = [];
  for (const date of datesAfterStart(clock)) {
    // What lies between the last counted day and the day it rolls to is waited for, not counted.
    const rolling = found !== null && date > found.last && date <= found.due;
    if (!rolling && counts(clock, date)) counted.push(date);
    if (found !== null && date > found.due && date > at) break;
  }
  return {
    due: found?.due ?? null,
    overdue: found !== null && at > found.due,
    provisional: isProvisionalInDays(clock, found),
    used: counted.filter((date) => date <= at).length,
    counted,
  };
}

/** Whether an opening hour of a working day runs from this instant on. */
function isOpen(clock: SlowClock, instant: number): boolean {
  const zoned = local(clock.zone, instant);
  const time = zoned.toPlainTime().toString().slice(0, 5);
  if (!clock.hours.some(([opens, closes]) => opens <= time && time < closes)) return false;
  return clock.isWorking(zoned.toPlainDate().toString()) && runs(clock, instant);
}

/** Tells what lies within FAR_QUARTERS of the start; nothing beyond. */
function inHours(clock: SlowClock): SlowVerdict {
  const budget = clock.amounts.reduce((sum, n) => sum + n, 0) * 4;
  const at = clock.endedAt ?? clock.asOf;
  const counted = new Set<string>();
  let quarters = 0;
  let used = 0;
  let due: number | null = null;
  for (let i = 0; i < FAR_QUARTERS; i += 1) {
    const instant = clock.startedAt + i * QUARTER;
    if (!isOpen(clock, instant)) continue;
    counted.add(dateAt(clock, instant));
    quarters += 1;
    if (instant < at) used += 0.25;
    if (quarters === budget) due = instant + QUARTER;
  }
  const until = due ?? Math.max(clock.startedAt, stoppedAt(clock) ?? 0);
  return {
    due,
    overdue: due !== null && at > due,
    provisional: isUncovered(clock, dateAt(clock, clock.startedAt), dateAt(clock, until)),
    used,
    counted: [...counted],
  };
}

/** How far the verdict on a clock in hours reaches. */
export function horizonOf(clock: SlowClock): number {
  return clock.startedAt + FAR_QUARTERS * QUARTER;
}

export function slowVerdict(clock: SlowClock): SlowVerdict {
  if (clock.unit === 'workingHours') return inHours(clock);
  if (clock.unit !== 'until') return inDays(clock);
  const due = Math.max(...clock.amounts);
  const overdue = (clock.endedAt ?? clock.asOf) > due;
  return { due, overdue, provisional: false, used: null, counted: [] };
}
