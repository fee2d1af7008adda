import { expect, test } from '@jest/globals';
import { GIVEN_UP_AFTER, retryDelay } from './retry.ts';

test('waits 1 s five times, 5 s five times, 10 s ten times, then 60 s', () => {
  const delays = Array.from({ length: 23 }, (_, index) => retryDelay(index + 1) / 1000);
  expect(delays).toEqual([
    ...Array<number>(5).fill(1),
    ...Array<number>(5).fill(5),
    ...Array<number>(10).fill(10),
    60,
    60,
    60,
  ]);
  expect(GIVEN_UP_AFTER).toBe(20);
});
