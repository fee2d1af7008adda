import { expect, test } from '@jest/globals';
import { formatTime } from '../format/instants.ts';
import {
  clusters,
  DAY_MS,
  follow,
  HOUR_MS,
  instantAt,
  MINUTE_MS,
  pan,
  shareOf,
  ticks,
  viewAround,
  visibleSpans,
  zoom,
} from './timelineView.ts';

const ZONE = 'Asia/Shanghai';
const T = Date.parse('2026-11-24T09:07:00+08:00');

test('the instant under the pointer stays there while the view is zoomed, between a minute and a day', () => {
  const view = viewAround(T, HOUR_MS);
  const anchor = instantAt(view, 0.25);
  const closer = zoom(view, 0.5, anchor);
  expect(shareOf(closer, anchor)).toBeCloseTo(0.25);
  expect(closer.to - closer.from).toBe(HOUR_MS / 2);
  expect(zoom(view, 1 / 1000, T).to - zoom(view, 1 / 1000, T).from).toBe(MINUTE_MS);
  const day = zoom(view, 1000, T);
  expect(day.to - day.from).toBe(DAY_MS);
  expect(pan(view, 0.5)).toEqual({ from: T, to: T + HOUR_MS });
});

test('the view turns like a page when the clock runs out of it, and leaps after a jump', () => {
  const view = { from: T, to: T + 1000 };
  expect(follow(view, T + 500)).toBe(view);
  expect(shareOf(follow(view, T + 990), T + 990)).toBeCloseTo(0.1);
  expect(shareOf(follow(view, T + 90_000), T + 90_000)).toBeCloseTo(0.5);
  expect(shareOf(follow(view, T - 1), T - 1)).toBeCloseTo(0.5);
});

test('ticks are round on the local clock', () => {
  const words = (length: number) =>
    ticks(viewAround(T, length), 8, ZONE).map(({ at, unit }) => `${formatTime(at, ZONE, true)} ${unit}`);
  expect(words(DAY_MS)).toEqual([
    ...['00:00:00 day', '03:00:00 minute', '06:00:00 minute', '09:00:00 minute'],
    ...['12:00:00 minute', '15:00:00 minute', '18:00:00 minute', '21:00:00 minute'],
  ]);
  expect(words(MINUTE_MS)).toEqual([
    ...['09:06:30 second', '09:06:40 second', '09:06:50 second', '09:07:00 second', '09:07:10 second'],
    ...['09:07:20 second', '09:07:30 second'],
  ]);
  expect(words(40 * MINUTE_MS)).toEqual([
    ...['08:50:00', '08:55:00', '09:00:00', '09:05:00', '09:10:00', '09:15:00', '09:20:00', '09:25:00'].map(
      (time) => `${time} minute`,
    ),
  ]);
});

test('spans that cannot be told apart at this width are drawn as one', () => {
  const spans = Array.from({ length: 1000 }, (_, index) => ({ from: index * 1000, to: index * 1000 + 900 }));
  expect(visibleSpans(spans, { from: 0, to: 1_000_000 }, 500)).toHaveLength(1);
  expect(visibleSpans(spans, { from: 0, to: 10_000 }, 500)).toHaveLength(10);
  expect(visibleSpans([{ from: -50, to: 50 }], { from: 0, to: 100 }, 500)).toEqual([{ from: 0, to: 0.5 }]);
  expect(visibleSpans([{ from: 200, to: 300 }], { from: 0, to: 100 }, 500)).toEqual([]);
});

test('marks that would lie on one another are one, with all of them in it', () => {
  const marks = [0, 10, 11, 12, 500, 2000].map((at) => ({ at }));
  const found = clusters(marks, { from: 0, to: 1000 }, 1000, 5);
  expect(found.map(({ from, to, marks: held }) => [from, to, held.length])).toEqual([
    [0, 0, 1],
    [10, 12, 3],
    [500, 500, 1],
  ]);
});
