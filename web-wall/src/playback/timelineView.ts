import type { RecordedSpan } from '@mingjing/contracts';
import { instantOfLocal, localDateOf } from '../format/instants.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The stretch of time that a time line shows. ms since the epoch. */
export interface TimeView {
  from: number;
  to: number;
}

export const lengthOf = ({ from, to }: TimeView): number => to - from;

/** Where an instant lies, as a share of the view's width: 0 at its beginning, 1 at its end, beyond them outside. */
export const shareOf = (view: TimeView, at: number): number => (at - view.from) / lengthOf(view);

export const instantAt = (view: TimeView, share: number): number => view.from + share * lengthOf(view);

/** A view of a length with an instant at a share of its width. */
export function viewAround(at: number, length: number, share = 0.5): TimeView {
  return { from: at - length * share, to: at + length * (1 - share) };
}

/**
 * Shows more or less, never less than a minute.
 * @param factor of the length: 0.5 shows half as much
 * @param anchor the instant that stays where it is
 * @param longest ms
 */
export function zoom(view: TimeView, factor: number, anchor: number, longest = DAY_MS): TimeView {
  const length = Math.min(longest, Math.max(MINUTE_MS, lengthOf(view) * factor));
  return viewAround(anchor, length, Math.min(1, Math.max(0, shareOf(view, anchor))));
}

/** Moves on by a share of the width. */
export function pan(view: TimeView, share: number): TimeView {
  const by = lengthOf(view) * share;
  return { from: view.from + by, to: view.to + by };
}

/** The view in which an instant is seen: the same if it is, turned like a page when the clock ran out of it, else around it. */
export function follow(view: TimeView, at: number): TimeView {
  const share = shareOf(view, at);
  if (share >= 0 && share <= 0.97) return view;
  return share > 0.97 && share < 1.5 ? viewAround(at, lengthOf(view), 0.1) : viewAround(at, lengthOf(view));
}

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30, 90].map((days) => days * DAY_MS),
];

export interface Tick {
  at: number;
  /** What is written at it. */
  unit: 'second' | 'minute' | 'day';
}

/** Round instants of the local clock, as many as have room. @param most how many at most */
export function ticks(view: TimeView, most: number, zone: string): Tick[] {
  const step = STEPS_MS.find((ms) => lengthOf(view) / ms <= most) ?? STEPS_MS.at(-1) ?? DAY_MS;
  const midnight = instantOfLocal(localDateOf(view.from, zone), zone);
  const first = midnight + Math.ceil((view.from - midnight) / step) * step;
  const found: Tick[] = [];
  for (let at = first; at <= view.to && found.length <= most + 1; at += step) {
    const isMidnight = instantOfLocal(localDateOf(at, zone), zone) === at;
    found.push({ at, unit: isMidnight ? 'day' : step < MINUTE_MS ? 'second' : 'minute' });
  }
  return found;
}

/** Spans as they can be seen: cut to the view, those that touch at this width joined, as shares of it. */
export function visibleSpans(spans: readonly RecordedSpan[], view: TimeView, width: number): RecordedSpan[] {
  const pixel = 1 / Math.max(1, width);
  const seen: RecordedSpan[] = [];
  for (const { from, to } of spans) {
    if (to <= view.from || from >= view.to) continue;
    const start = Math.max(0, shareOf(view, from));
    const end = Math.min(1, shareOf(view, to));
    const last = seen.at(-1);
    if (last && start - last.to < pixel) last.to = Math.max(last.to, end);
    else seen.push({ from: start, to: end });
  }
  return seen;
}

/** Marks that would lie on one another, as one. */
export interface Cluster<T> {
  /** Where it lies, as a share of the width. */
  share: number;
  from: number;
  to: number;
  marks: T[];
}

/** The marks in view, in order; those nearer to one another than `apart` pixels together. */
export function clusters<T extends { at: number }>(
  marks: readonly T[],
  view: TimeView,
  width: number,
  apart = 12,
): Cluster<T>[] {
  const found: Cluster<T>[] = [];
  for (const mark of marks) {
    const share = shareOf(view, mark.at);
    if (share < 0 || share > 1) continue;
    const last = found.at(-1);
    if (last && (share - last.share) * width < apart) {
      last.marks.push(mark);
      last.to = mark.at;
    } else {
      found.push({ share, from: mark.at, to: mark.at, marks: [mark] });
    }
  }
  return found;
}
