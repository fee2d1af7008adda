import type { Millis } from '@mingjing/contracts';
import type { Calendar } from './calendar.ts';
import type { DayNumber } from './localDay.ts';
import type { Plan } from './plan.ts';
import { DEFAULT_HOURS, totalOf, type ClockSpec, type OpeningHours } from './spec.ts';
import type { Span, ZoneDays } from './zoneDays.ts';

const HOUR_MS = 3_600_000;
/** No clock reaches further than this many working days; one on opening hours of a minute a day would. */
const FURTHEST_DAYS = 100_000;

/** Minutes after midnight: opens, closes. */
type Opening = readonly [number, number];

const CLOCK_TIME = /^([01]\d|2[0-4]):([0-5]\d)$/;
const parsed = new WeakMap<OpeningHours, Opening[]>();

function minutesOf(text: string): number {
  const parts = CLOCK_TIME.exec(text);
  const minutes = parts ? Number(parts[1]) * 60 + Number(parts[2]) : Number.NaN;
  if (!(minutes <= 1440))
    throw new RangeError(`hours: "${text}" is not a time of day: expected 00:00 to 24:00`);
  return minutes;
}

/**
 * Reads opening hours.
 * @returns minutes after midnight, in order
 * @throws RangeError when a time cannot be read, or the openings are empty, overlap or run backwards
 */
export function openingsOf(hours: OpeningHours): Opening[] {
  const before = parsed.get(hours);
  if (before) return before;
  const openings = hours.map(([opens, closes]): Opening => [minutesOf(opens), minutesOf(closes)]);
  if (openings.length === 0)
    throw new RangeError('hours: expected at least one opening such as ["09:00","12:00"]');
  let last = -1;
  for (const [opens, closes] of openings) {
    if (opens < last || closes <= opens) {
      throw new RangeError(`hours: ${JSON.stringify(hours)}: expected openings in order that do not overlap`);
    }
    last = closes;
  }
  parsed.set(hours, openings);
  return openings;
}

/** Whether any opening time of a day counts: from the start on, while the clock runs. */
export function countsHoursOf(spec: ClockSpec, zone: ZoneDays, day: DayNumber): boolean {
  const suspended = mergedSuspensions(spec);
  return zone.spansOf(day, openingsOf(spec.hours ?? DEFAULT_HOURS)).some(({ from, to }) => {
    let cursor = Math.max(from, spec.startedAt);
    for (const stop of suspended) if (stop.from <= cursor && cursor < stop.to) cursor = stop.to;
    return cursor < to;
  });
}

/** The suspension ledger as merged spans in order; `to` is Infinity while the clock still stands. */
function mergedSuspensions(spec: ClockSpec): Span[] {
  const spans = spec.suspensions
    .map(({ from, to }): Span => ({ from, to: to ?? Infinity }))
    .filter((span) => span.to > span.from)
    .sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of spans) {
    const before = merged.at(-1);
    if (before && span.from <= before.to) before.to = Math.max(before.to, span.to);
    else merged.push(span);
  }
  return merged;
}

/**
 * Opening time from the start on, in pieces, in order, without what the suspensions take away.
 * @throws RangeError when it is followed further than FURTHEST_DAYS
 */
function* runningPieces(
  spec: ClockSpec,
  zone: ZoneDays,
  calendar: Calendar,
  suspended: Span[],
): Generator<Span> {
  const openings = openingsOf(spec.hours ?? DEFAULT_HOURS);
  let next = 0;
  let day = calendar.nth(zone.dayOf(spec.startedAt), 1);
  for (let days = 0; days < FURTHEST_DAYS; days += 1) {
    for (const { from, to: end } of zone.spansOf(day, openings)) {
      let cursor = Math.max(from, spec.startedAt);
      while (cursor < end) {
        while (next < suspended.length && (suspended[next]?.to ?? 0) <= cursor) next += 1;
        const stop = suspended[next];
        const until = Math.min(end, stop?.from ?? end);
        if (until > cursor) yield { from: cursor, to: until };
        cursor = stop && stop.from < end ? stop.to : end;
      }
      if (cursor === Infinity) return;
    }
    day = calendar.nth(day + 1, 1);
  }
  throw new RangeError(`budget: not used up within ${FURTHEST_DAYS} working days of these opening hours`);
}

/** Opening time used up before `instant`, ms. */
function usedBefore(pieces: Iterable<Span>, instant: Millis): number {
  let used = 0;
  for (const { from, to } of pieces) {
    if (from >= instant) break;
    used += Math.min(to, instant) - from;
  }
  return used;
}

/** The earliest instant at which this much opening time is used up; null if the clock stands still before. */
function reachedAt(pieces: Iterable<Span>, budget: number): Millis | null {
  let missing = budget;
  for (const { from, to } of pieces) {
    if (to - from >= missing) return from + missing;
    missing -= to - from;
  }
  return null;
}

/**
 * Works out a budget in working hours: only opening hours of working days count, from the start itself on,
 * while the clock runs. Due at the earliest instant at which the budget is used up.
 */
export function planHours(spec: ClockSpec, zone: ZoneDays, calendar: Calendar): Plan {
  const total = totalOf(spec);
  if (total === null || !(total > 0))
    throw new RangeError(`budget: ${String(total)} hours: expected more than 0`);
  const suspended = mergedSuspensions(spec);
  const pieces = (): Generator<Span> => runningPieces(spec, zone, calendar, suspended);
  const dueAt = reachedAt(pieces(), Math.ceil(total * HOUR_MS - 1e-6));
  // Of a clock that was stopped for good, what remains rests on the days until then.
  const lastDay = zone.dayOf(dueAt ?? Math.max(suspended.at(-1)?.from ?? 0, spec.startedAt));
  const usedMs = (instant: Millis): number => usedBefore(pieces(), instant);
  return {
    total,
    dueDate: null,
    dueAt,
    provisional: calendar.isProvisional(zone.dayOf(spec.startedAt), lastDay),
    usedAt: (instant) => usedMs(instant) / HOUR_MS,
    suspendedAt: (instant) =>
      (usedBefore(runningPieces(spec, zone, calendar, []), instant) - usedMs(instant)) / HOUR_MS,
    shareAt: (share) => reachedAt(pieces(), Math.ceil(share * total * HOUR_MS - 1e-6)),
  };
}
