import { expect, test } from '@jest/globals';
import { WallTime } from './wallTime.ts';

/** Fragments of 250 ms that began at `start`, each late by so many ms. */
function times(delays: readonly number[], start = 1_000_000): number[] {
  const wallTime = new WallTime();
  return delays.map((delay, index) => {
    const mediaTime = index * 0.25;
    return (
      wallTime.of({ mediaTime, duration: 0.25 }, start + (mediaTime + 0.25) * 1000 + delay) -
      mediaTime * 1000 -
      start
    );
  });
}

test('a hitch on the way does not move the time, and the least delay sets it', () => {
  expect(times([80, 300, 60, 900, 60, 60])).toEqual([80, 80, 60, 60, 60, 60]);
});

test('a camera whose clock is slow is followed', () => {
  const followed = times(Array.from({ length: 100 }, (_, index) => (index < 20 ? 0 : 700)));
  expect(followed[40]).toBe(0);
  expect(followed.at(-1)).toBe(700);
});

test('a clock that was set is believed at once, forth and back', () => {
  expect(times([0, 0, 3_600_000, 3_600_000])).toEqual([0, 0, 3_600_000, 3_600_000]);
  expect(times([0, 0, -3_600_000])).toEqual([0, 0, -3_600_000]);
});
