import type { LocalDate, Millis } from '@mingjing/contracts';
import { lastWorkingDays, localDateOf, workingDaysBetween } from './calendar.ts';
import type { City } from './city.ts';
import { playDay } from './day.ts';
import { isAborted } from '../outbox/backoff.ts';
import type { PlayClock } from './clock.ts';
import type { Posted, Poster } from './poster.ts';
import { caseByCase, inPostingOrder, type TimedEvent } from './script.ts';

/** How many events are handed to the poster at once. */
const SLICE = 2000;

export interface PlayOptions {
  city: City;
  seed: number;
  poster: Poster;
  clock: PlayClock;
  signal: AbortSignal;
  /** Called with what was posted: the counter pages show it. */
  onPosted?: (events: readonly TimedEvent[]) => void;
}

/** What was played. */
export interface Played extends Posted {
  cases: number;
  events: number;
  /** The days, first and last; null when there was none. */
  from: LocalDate | null;
  to: LocalDate | null;
}

/** Which days are played: the last `count` working days before today and today, or all from a date on. */
export function daysToPlay(
  city: City,
  now: Millis,
  choice: { days: number } | { from: LocalDate },
): LocalDate[] {
  const { zone, calendar } = city.root;
  const today = localDateOf(now, zone);
  return 'days' in choice
    ? lastWorkingDays(today, choice.days, calendar)
    : workingDaysBetween(choice.from, today, calendar);
}

/** How many cases events belong to. */
export function caseCount(events: readonly TimedEvent[]): number {
  return new Set(events.map(({ event }) => event.subject).filter((subject) => subject !== undefined)).size;
}

/** Where a slice ends: at what is still to come, or after SLICE events and the rest of the case they end with. */
function sliceEnd(events: readonly TimedEvent[], from: number, now: Millis): number {
  let end = from;
  for (let event = events[end]; event && event.at <= now; event = events[++end]) {
    if (end - from >= SLICE && event.event.subject !== events[end - 1]?.event.subject) break;
  }
  return end;
}

/** Posts events in slices, each once its time has come by the clock. Ends when all are posted. */
export async function postAll(options: PlayOptions, events: readonly TimedEvent[]): Promise<Posted> {
  const { poster, clock, signal, onPosted } = options;
  const total: Posted = { stored: 0, duplicate: 0, rejected: 0 };
  for (let at = 0; at < events.length && !isAborted(signal);) {
    await clock.until(events[at]?.at ?? 0, signal);
    if (isAborted(signal)) break;
    const slice = events.slice(at, sliceEnd(events, at, clock.now()));
    const answer = await poster.post(slice, signal);
    total.stored += answer.stored;
    total.duplicate += answer.duplicate;
    total.rejected += answer.rejected;
    onPosted?.(slice);
    at += slice.length;
  }
  return total;
}

/**
 * Plays days that have begun, as fast as the clock says, up to the present; what still lies ahead is left out.
 * @param now the present: nothing later is posted
 */
export async function playDays(
  options: PlayOptions,
  days: readonly LocalDate[],
  now: Millis,
): Promise<Played> {
  const all = days.flatMap((day) => playDay(options.city, day, options.seed));
  const begun = all.filter((timed) => timed.at <= now);
  // At a speed, in the order of time; all at once, case by case.
  const past = options.clock.now() < now ? inPostingOrder(begun) : caseByCase(begun);
  const answer = await postAll(options, past);
  return {
    cases: caseCount(past),
    events: past.length,
    from: days[0] ?? null,
    to: days.at(-1) ?? null,
    ...answer,
  };
}

/** When the events of a day become due: the clock for playing days at a speed begins there. */
export function firstInstant(city: City, days: readonly LocalDate[], seed: number): Millis | null {
  const first = days[0];
  return first === undefined ? null : (playDay(city, first, seed)[0]?.at ?? null);
}
