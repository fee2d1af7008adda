import type { LocalDate, Millis } from '@mingjing/contracts';
import { isAborted } from '../outbox/backoff.ts';
import { lastWorkingDays, localDateOf, workingDaysBetween } from './calendar.ts';
import { playDay } from './day.ts';
import { LONGEST_LIVE_MS, playMinute, playOpening } from './live.ts';
import { caseCount, daysToPlay, postAll, type Played, type PlayOptions } from './play.ts';
import type { Progress, ProgressStore } from './progress.ts';
import { caseByCase, inPostingOrder, type TimedEvent } from './script.ts';

const MINUTE = 60_000;
/** A minute's cases are made this long before it begins. */
const AHEAD_MS = 5000;
const SAVE_EVERY_MS = 2000;
/** Older heartbeats say nothing any more. */
const HEARTBEAT_WORTH_MS = MINUTE;
/** The longest that a restart looks back for cases that are still open, in working days. */
const MOST_DAYS = 60;

export interface LiveOptions extends PlayOptions {
  /** Live cases an hour, city-wide. */
  perHour: number;
  /** Working days before today that a first start fills in. */
  choice: { days: number } | { from: LocalDate };
  progress: ProgressStore;
  /** Called once the past is filled in and the live play begins. */
  onFilled?: (played: Played) => void;
}

/** The live play's own state: what is still to be posted, and how far it has come. */
interface LiveState {
  pending: TimedEvent[];
  /** What an earlier run posted in the last minutes: the counters still have those cases in hand. */
  inHand: TimedEvent[];
  nextMinute: number;
  lastDay: LocalDate;
  progress: Progress;
}

function minutes(options: LiveOptions, from: number, to: number): TimedEvent[] {
  const { city, seed, perHour } = options;
  return Array.from({ length: Math.max(0, to - from) }, (_, n) =>
    playMinute(city, from + n, seed, perHour),
  ).flat();
}

/** What a start has to post: the days, the minutes before it, and what an earlier run left open. */
function begin(
  options: LiveOptions,
  known: Progress | null,
  now: Millis,
): { state: LiveState; days: LocalDate[] } {
  const { city, seed, choice } = options;
  const chosen = daysToPlay(city, now, choice);
  const today = localDateOf(now, city.root.zone);
  const firstChosen = chosen[0] ?? today;
  // A day that an earlier run began goes on: its open cases have days to come.
  const longAgo = lastWorkingDays(today, MOST_DAYS, city.root.calendar)[0] ?? today;
  const resumed = known !== null && known.firstDay <= firstChosen;
  const firstDay = resumed ? (known.firstDay > longAgo ? known.firstDay : longAgo) : firstChosen;
  const days = workingDaysBetween(firstDay, today, city.root.calendar);

  const back = LONGEST_LIVE_MS / MINUTE;
  const thisMinute = Math.floor(now / MINUTE);
  const leadIn = minutes(options, thisMinute - back, thisMinute + 1);
  const left = known
    ? minutes(options, known.lastMinute - back, Math.min(known.lastMinute + 1, thisMinute - back))
    : [];
  const opening = known ? [] : playOpening(city, now, seed);
  const postedThrough = resumed ? known.postedThrough : -Infinity;
  const all = [...days.flatMap((day) => playDay(city, day, seed)), ...left, ...leadIn, ...opening];
  const pending = inPostingOrder(
    all.filter(
      ({ at, story }) => at > postedThrough && (story !== 'heartbeat' || at > now - HEARTBEAT_WORTH_MS),
    ),
  );
  const inHand = inPostingOrder(leadIn.filter(({ at }) => at <= postedThrough));
  const progress = { firstDay, postedThrough: resumed ? known.postedThrough : 0, lastMinute: thisMinute };
  return { state: { pending, inHand, nextMinute: thisMinute + 1, lastDay: today, progress }, days };
}

/** Adds the cases of the minutes and the day that begin now. */
function extend(options: LiveOptions, state: LiveState, now: Millis): void {
  const { city, seed } = options;
  const added: TimedEvent[] = [];
  while (state.nextMinute * MINUTE <= now + AHEAD_MS) {
    added.push(...minutes(options, state.nextMinute, state.nextMinute + 1));
    state.progress.lastMinute = state.nextMinute;
    state.nextMinute += 1;
  }
  const today = localDateOf(now, city.root.zone);
  if (today !== state.lastDay) added.push(...playDay(city, today, seed));
  state.lastDay = today;
  if (added.length > 0) state.pending = inPostingOrder([...state.pending, ...added]);
}

function takeDue(state: LiveState, now: Millis): TimedEvent[] {
  let end = state.pending.findIndex((timed) => timed.at > now);
  if (end < 0) end = state.pending.length;
  return state.pending.splice(0, end);
}

/**
 * Fills in the past at once and then plays on in real time until the signal is aborted: the working days'
 * cases as their time comes, and at every hour of day and night the live 即办件. While the centre is away
 * the play waits, and catches up afterwards.
 */
export async function playLive(options: LiveOptions): Promise<void> {
  const { clock, signal, progress: store } = options;
  const now = clock.now();
  const { state, days } = begin(options, await store.load(), now);
  options.onPosted?.(state.inHand);
  const past = caseByCase(takeDue(state, now));
  const answer = await postAll(options, past);
  if (isAborted(signal)) return;
  state.progress.postedThrough = now;
  await store.save(state.progress);
  const span = { from: days[0] ?? null, to: days.at(-1) ?? null };
  options.onFilled?.({ cases: caseCount(past), events: past.length, ...span, ...answer });
  let savedAt = now;
  while (!isAborted(signal)) {
    const at = clock.now();
    extend(options, state, at);
    await postAll(options, takeDue(state, at));
    if (isAborted(signal)) return;
    state.progress.postedThrough = at;
    if (at - savedAt >= SAVE_EVERY_MS) {
      await store.save(state.progress);
      savedAt = at;
    }
    const next = Math.min(state.pending[0]?.at ?? Infinity, state.nextMinute * MINUTE - AHEAD_MS);
    await clock.until(Math.max(next, at + 100), signal);
  }
}
