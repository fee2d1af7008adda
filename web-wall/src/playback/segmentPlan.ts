import type { Segment } from '@mingjing/contracts';

/** Two segments this close, in ms, belong together: the clocks of recorders are no finer. */
export const JOIN_MS = 1500;
/** How much is held before the clock is reached, at normal speed; more at higher ones, up to the most. In ms. */
const AHEAD_MS = 12_000;
const MOST_AHEAD_MS = 120_000;
/** What is held behind the clock, for short steps back. In ms. */
const BEHIND_MS = 20_000;

export interface Window {
  from: number;
  to: number;
}

/** The time around the clock that is held ready to be shown. */
export function windowOf(at: number, rate: number): Window {
  return { from: at - BEHIND_MS, to: at + Math.min(MOST_AHEAD_MS, AHEAD_MS * Math.max(1, rate)) };
}

/** The segment that holds an instant; a crack between two of them belongs to the one before. Segments in order. */
export function segmentAt(segments: readonly Segment[], at: number): Segment | undefined {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.startedAt ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const held = segments[low - 1];
  if (!held) return undefined;
  if (at < held.endedAt) return held;
  const next = segments[low];
  return next && next.startedAt - held.endedAt <= JOIN_MS ? held : undefined;
}

/** A segment is told of so long after it began, at most: what is not told by then was not recorded. In ms. */
const COMING_MS = 20_000;

/** Whether an instant after the last segment is being recorded, as far as can be known. @param present ms since the epoch */
export function isComing(segments: readonly Segment[], at: number, present: number): boolean {
  const last = segments.at(-1);
  return last !== undefined && at >= last.endedAt && at <= present && present - last.endedAt < COMING_MS;
}

/** The first segment that begins after an instant. */
export function segmentAfter(segments: readonly Segment[], at: number): Segment | undefined {
  return segments.find(({ startedAt }) => startedAt > at);
}

/** The next to be fetched: what the clock shows first, then what it will show. What is wanted behind it is not fetched. */
export function nextToFetch(
  segments: readonly Segment[],
  at: number,
  rate: number,
  isHeld: (segment: Segment) => boolean,
): Segment | undefined {
  const { to } = windowOf(at, rate);
  const now = segmentAt(segments, at);
  if (now && !isHeld(now)) return now;
  const from = now ? now.startedAt : at;
  const ahead = segments.find(
    (segment) => segment.startedAt > from && segment.startedAt < to && !isHeld(segment),
  );
  if (ahead) return ahead;
  // In a gap the beginning of what comes next is made ready, however far it is.
  const next = now ? undefined : segmentAfter(segments, at);
  return next && !isHeld(next) ? next : undefined;
}

/** What may go: segments that lie outside the window, wholly. */
export function toLetGo(held: readonly Segment[], at: number, rate: number): Segment[] {
  const { from, to } = windowOf(at, rate);
  return held.filter(({ startedAt, endedAt }) => endedAt < from || startedAt > to + AHEAD_MS);
}
