import { expect, test } from '@jest/globals';
import type { CaseHistoryEvent, ReplayPlace } from '@mingjing/contracts';
import { cutAround, entryAt, instantOfStep, placeAt, stageSpans, wholeCase } from './replayTime.ts';

const T = Date.parse('2026-11-06T15:20:34+08:00');
const event = (seq: number, observedAt: number): CaseHistoryEvent => ({
  ...{ seq, id: `e-${seq}`, source: 's', kind: 'case.accepted', observedAt, receivedAt: observedAt },
  ...{ data: {}, officer: null, late: false, voided: false },
});
const item = { events: [event(7, T), event(9, T + 60_000)], cards: [] };

test('an address names a step by its number or id, or an instant', () => {
  expect(instantOfStep('9', item)).toBe(T + 60_000);
  expect(instantOfStep('e-7', item)).toBe(T);
  expect(instantOfStep(String(T + 5), item)).toBe(T + 5);
  expect(instantOfStep('2026-11-06T15:20:34+08:00', item)).toBe(T);
  // A number that is no step is no instant of 1970 either.
  expect([instantOfStep('8', item), instantOfStep('', item), instantOfStep('soon', item)]).toEqual([
    ...[null, null, null],
  ]);
});

test('an instant belongs to the last step before it', () => {
  expect(entryAt(item, T - 1000)).toBeUndefined();
  expect(entryAt(item, T + 59_000)?.event?.seq).toBe(7);
  expect(entryAt(item, T + 59_600)?.event?.seq).toBe(9);
});

test('what is exported of a step is what led to it and came of it, unless an end is marked', () => {
  const cut = (from: number | null, to: number | null, now = T + 3_600_000) => {
    const marked = { from: from === null ? null : T + from, to: to === null ? null : T + to };
    const { from: begin, to: end } = cutAround(marked, T, now);
    return [begin - T, end - T];
  };
  expect(cut(null, null)).toEqual([-30_000, 60_000]);
  expect(cut(null, null, T + 10_000)).toEqual([-30_000, 10_000]);
  expect(cut(5000, 9000)).toEqual([5000, 9000]);
  expect(cut(100_000, null)).toEqual([100_000, 160_000]);
  expect(cut(null, -100_000)).toEqual([-130_000, -100_000]);
});

test('the place is where the case was then', () => {
  const place = (from: number, counter: string): ReplayPlace => ({
    ...{ from, hall: null, counter, cameras: [], screens: [] },
  });
  const replay = { places: [place(0, 'a'), place(T, 'b')] };
  expect([T - 1, T, T + 1].map((at) => placeAt(replay, at)?.counter)).toEqual(['a', 'b', 'b']);
});

test('a stage that is not over goes on to the end of the case, or to now', () => {
  const stages = [
    { stage: '受理', startedAt: null, completedAt: T, officer: null },
    { stage: '审查', startedAt: T, completedAt: null, officer: null },
    { stage: '决定', startedAt: null, completedAt: null, officer: null },
  ];
  expect(stageSpans({ stages, endedAt: null }, T + 9)).toEqual([
    { from: T, to: T, label: '受理' },
    { from: T, to: T + 9, label: '审查' },
  ]);
  expect(stageSpans({ stages, endedAt: T + 5 }, T + 9)[1]).toMatchObject({ to: T + 5 });
  expect(wholeCase(item)).toEqual({ from: T - 300_000, to: T + 360_000 });
  expect(wholeCase({ events: [], cards: [] })).toBeNull();
});
