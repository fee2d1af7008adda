import { expect, test } from '@jest/globals';
import { baodingLadder, explainClock, projectClock, rungsOf } from '@mingjing/rules';
import type { ClockSpec } from '@mingjing/rules';
import { dayCells, folded, holidays } from './dayCells.ts';
import type { CaseClock } from './dayCells.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);

/** The clock as the centre explains it: accepted on 23 September 2026, before the national holidays. */
function clockOf(asOf: string, change: Partial<ClockSpec> = {}): CaseClock {
  const spec: ClockSpec = {
    clockId: 'case:1',
    zone: 'Asia/Shanghai',
    calendar: 'cn',
    startedAt: at('2026-09-23T09:12'),
    endedAt: null,
    budget: { workingDays: 15 },
    extensions: [],
    suspensions: [{ from: at('2026-10-12T10:05'), to: at('2026-10-21T08:50') }],
    ...change,
  };
  return {
    ...projectClock(spec, at(asOf)),
    days: explainClock(spec, at(asOf)),
    rungs: rungsOf(spec, baodingLadder),
    ladder: baodingLadder.name,
    asOf: at(asOf),
  };
}

test('rungs, the due date and lateness fall on their days', () => {
  const cells = dayCells(clockOf('2026-11-04T10:00'));
  const on = (date: string) => cells.find((cell) => cell.date === date);
  expect(on('2026-10-10')).toMatchObject({ mark: 'make-up', number: 7 });
  expect(on('2026-10-12')).toMatchObject({ mark: 'suspended', number: null, tint: null });
  // 90 % of 15 is day 14, on 29 October; day 15 ends the budget; the day after, it is late.
  expect(on('2026-10-29')).toMatchObject({ number: 14, rung: 'yellow', tint: 'yellow' });
  expect(on('2026-10-30')).toMatchObject({ number: 15, due: true, tint: 'yellow', over: null });
  expect(on('2026-10-31')).toMatchObject({ rung: 'red', number: null, tint: null });
  expect(on('2026-11-02')).toMatchObject({ over: 1, tint: 'red' });
  expect(cells.at(-1)).toMatchObject({ date: '2026-11-04', today: true, over: 3 });
});

test('days that have not begun are ahead; months are named where they begin', () => {
  const cells = dayCells(clockOf('2026-10-22T10:00'));
  expect(cells.filter(({ ahead }) => ahead).map(({ date }) => date)[0]).toBe('2026-10-23');
  expect(cells.filter(({ tick }) => tick.includes('/')).map(({ tick }) => tick)).toEqual(['9/23', '10/1']);
});

test('holidays are told by their stretches', () => {
  const { days } = clockOf('2026-11-04T10:00');
  expect(holidays(days)).toEqual([
    { name: '中秋', from: '2026-09-25', to: '2026-09-27' },
    { name: '国庆节', from: '2026-10-01', to: '2026-10-07' },
  ]);
});

test('a long lateness is folded in its middle, and only there', () => {
  const cells = dayCells(clockOf('2027-03-01T10:00', { suspensions: [] }));
  const shown = folded(cells);
  const gap = shown.find((cell) => 'gap' in cell);
  expect(shown.length - 1 + (gap && 'gap' in gap ? gap.gap : 0)).toBe(cells.length);
  expect(
    shown.slice(
      0,
      cells.findIndex(({ late }) => late),
    ),
  ).toEqual(cells.filter(({ late }) => !late));
  expect(folded(dayCells(clockOf('2026-11-04T10:00')))).toHaveLength(
    dayCells(clockOf('2026-11-04T10:00')).length,
  );
});
