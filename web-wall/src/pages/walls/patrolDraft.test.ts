import { expect, test } from '@jest/globals';
import { draftOf, moveStep, stepsOf } from './patrolDraft.ts';

test('a step goes where it is put, and nowhere beyond the ends', () => {
  expect(moveStep(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moveStep(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
  expect(moveStep(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(moveStep(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
});

test('what is edited is what was kept', () => {
  const steps = [
    { dwellSeconds: 5, show: { kind: 'layout' as const, layout: 'l' } },
    { dwellSeconds: 7, show: { kind: 'cameras' as const, cameras: ['a', 'b'] } },
  ];
  expect(stepsOf(draftOf(steps))).toEqual(steps);
});
