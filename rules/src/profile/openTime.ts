import type { Millis } from '@mingjing/contracts';
import { shippedCalendars } from '../clock/calendars.ts';
import type { ClockPlace } from '../clock/caseClocks.ts';
import { openingsOf } from '../clock/hourBudget.ts';
import type { DayNumber } from '../clock/localDay.ts';
import { DEFAULT_HOURS } from '../clock/spec.ts';
import { zoneDaysOf } from '../clock/zoneDays.ts';

const MINUTE_MS = 60_000;

/**
 * Counts how much opening time of a hall lies between two instants: what people can have worked on something.
 * Nights and days off would otherwise make the same work look ten times as long.
 * @returns milliseconds
 */
export function openTimeOf({
  region,
  hall,
  calendars = shippedCalendars,
}: ClockPlace): (from: Millis, to: Millis) => number {
  const zone = zoneDaysOf(region.zone);
  const calendar = calendars.of(region.code, region.calendar);
  const openings = openingsOf(hall?.hours ?? DEFAULT_HOURS);
  const wholeDay = openings.reduce((sum, [opens, closes]) => sum + (closes - opens) * MINUTE_MS, 0);
  const within = (day: DayNumber, from: Millis, to: Millis): number =>
    calendar.isWorking(day)
      ? zone
          .spansOf(day, openings)
          .reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0)
      : 0;
  return (from, to) => {
    const [first, last] = [zone.dayOf(from), zone.dayOf(to)];
    if (first === last) return within(first, from, to);
    return within(first, from, to) + calendar.count(first + 1, last - 1) * wholeDay + within(last, from, to);
  };
}
