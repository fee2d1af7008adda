import { describe, expect, test } from '@jest/globals';
import type { StageSpan } from '@mingjing/contracts';
import { barOf, stageRows } from './stageRows.ts';

const span = (stage: string, startedAt: number | null, completedAt: number | null): StageSpan => ({
  stage,
  startedAt,
  completedAt,
  officer: null,
});
const path = ['受理', '初审', '复核', '审定'];

describe('the lawful path beside what happened', () => {
  test('a stage is done, under way, skipped or ahead', () => {
    const stages = [span('受理', 1, 2), span('复核', 3, null)];
    const rows = stageRows({ path, stages, status: 'accepted' });
    expect(rows.map(({ stage, state }) => [stage, state])).toEqual([
      ['受理', 'done'],
      ['初审', 'skipped'],
      ['复核', 'doing'],
      ['审定', 'ahead'],
    ]);
  });

  test('what was never reported of a decided case was skipped', () => {
    const rows = stageRows({ path, stages: [span('受理', 1, 2)], status: 'decided' });
    expect(rows.filter(({ state }) => state === 'skipped')).toHaveLength(3);
  });

  test('a stage begun before the one that goes before it, and one that is on no path, are told', () => {
    const stages = [span('复核', 1, 4), span('初审', 2, 3), span('领导签字', 5, 6)];
    const rows = stageRows({ path, stages, status: 'accepted' });
    expect(rows.filter(({ early }) => early).map(({ stage }) => stage)).toEqual(['复核']);
    expect(rows.at(-1)).toMatchObject({ stage: '领导签字', place: null, state: 'done' });
  });

  test('a stage that was gone through twice keeps both stretches', () => {
    const stages = [span('初审', 1, 2), span('初审', 5, null)];
    const row = stageRows({ path, stages, status: 'accepted' })[1];
    expect([row?.spans.length, row?.state]).toEqual([2, 'doing']);
  });
});

test('stretches are shares of the time shown; an open one runs to its end', () => {
  const frame = { from: 100, to: 200 };
  expect(barOf(frame, 150, null)).toEqual({ from: 0.5, to: 1 });
  expect(barOf(frame, 50, 125)).toEqual({ from: 0, to: 0.25 });
  expect(barOf(frame, null, null)).toBeNull();
});
