import type { Budget } from '@mingjing/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endOfDate, horizonOf, QUARTER, slowVerdict, type SlowClock } from '../../test/slowClock.ts';
import { Calendar } from './calendar.ts';
import { explainClock } from './explain.ts';
import { dateOf, dayNumberOf } from './localDay.ts';
import { projectClock, rungsOf } from './project.ts';
import { DEFAULT_HOURS, type ClockSpec } from './spec.ts';

/** Repeating patterns of working days and days off, at least one of them working. */
const patterns = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 17 })
  .filter((pattern) => pattern.some(Boolean))
  .map((pattern) => (date: string) => pattern[dayNumberOf(date) % pattern.length] ?? false);

/** Zones and times at which something happens to them: clocks put forward and back, a date left out. */
const places = fc.oneof(
  fc.record({
    zone: fc.constantFrom('Asia/Shanghai', 'UTC', 'Asia/Kathmandu', 'Africa/Casablanca', 'Europe/Amsterdam'),
    from: fc.constantFrom('2023-12-01', '2024-03-20', '2024-10-20', '2025-12-20'),
  }),
  fc.record({
    // Midnight that does not exist, half an hour of daylight saving, offsets of three quarters.
    zone: fc.constantFrom('America/Havana', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Santiago'),
    from: fc.constantFrom('2024-03-01', '2024-03-28', '2024-08-31', '2024-10-25'),
  }),
  fc.record({ zone: fc.constant('Pacific/Apia'), from: fc.constantFrom('2011-12-10', '2011-12-27') }),
);

const quarters = (days: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: days * 96 }).map((n) => n * QUARTER);

/** Openings that include the hours of the night in which clocks are changed. */
const openings = fc.oneof(
  fc.constant(DEFAULT_HOURS),
  fc
    .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 })
    .filter((times) => times.length % 2 === 0)
    .map((times) => {
      const text = times
        .sort((a, b) => a - b)
        .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
      return Array.from({ length: text.length / 2 }, (_, i): [string, string] => [
        text[2 * i] ?? '',
        text[2 * i + 1] ?? '',
      ]);
    }),
);

function clocksIn(unit: SlowClock['unit'], amount: fc.Arbitrary<number>): fc.Arbitrary<SlowClock> {
  return fc
    .record({
      place: places,
      isWorking: patterns,
      uncovered: fc.constantFrom(0, 2011, 2012, 2024, 2025, 2026),
      hours: openings,
      start: quarters(12),
      // Also before the start, and of no length.
      spans: fc.array(fc.record({ after: quarters(30), length: fc.option(quarters(9), { freq: 6 }) }), {
        maxLength: 4,
      }),
      amounts: fc.array(amount, { minLength: 1, maxLength: 3 }),
      end: fc.option(quarters(40)),
      asOf: quarters(40),
      roll: fc.boolean(),
    })
    .map(({ place, start, spans, end, asOf, uncovered, amounts, ...rest }) => {
      const startedAt = Date.parse(`${place.from}T00:00:00Z`) + start;
      const after = (quarter: number): number => startedAt - 96 * QUARTER + quarter;
      return {
        ...{ zone: place.zone, startedAt, unit, ...rest },
        isCovered: (year) => year !== uncovered,
        endedAt: end === null ? null : after(end),
        asOf: after(asOf),
        amounts: unit === 'until' ? amounts.map(after) : amounts,
        suspensions: spans.map(({ after: at, length }) => ({
          from: after(at) - 96 * QUARTER,
          to: length === null ? null : after(at) - 96 * QUARTER + length,
        })),
      };
    });
}

function specOf(slow: SlowClock): ClockSpec {
  const budgetOf = (amount: number): Budget => {
    if (slow.unit === 'until') return { until: new Date(amount).toISOString() };
    return { [slow.unit]: amount } as Budget;
  };
  const [first = 1, ...more] = slow.amounts;
  return {
    ...{ clockId: 'c', zone: slow.zone, calendar: 'weekdays', hours: slow.hours },
    workingCalendar: new Calendar({
      name: 'random',
      covers: slow.isCovered,
      kindOf: (day) => ({ working: slow.isWorking(dateOf(day)), name: null }),
    }),
    ...{ startedAt: slow.startedAt, endedAt: slow.endedAt, suspensions: slow.suspensions },
    budget: budgetOf(first),
    extensions: more.map((amount) => ({ at: slow.asOf, by: budgetOf(amount) })),
    roll: slow.roll ? 'next-working-day' : 'none',
  };
}

/** Due, overdue, provisional and used, and the days of the explanation that carry a number. */
function expectTheSame(slow: SlowClock): void {
  const spec = specOf(slow);
  const expected = slowVerdict(slow);
  const projection = projectClock(spec, slow.asOf);
  const { overdue, provisional, used } = projection;
  const due = projection.dueDate ?? projection.dueAt;
  expect({ due, overdue, provisional, used }).toEqual({
    due: expected.due,
    overdue: expected.overdue,
    provisional: expected.provisional,
    used: expected.used,
  });
  if (projection.dueDate !== null) expect(projection.dueAt).toBe(endOfDate(slow.zone, projection.dueDate));
  const days = explainClock(spec, slow.asOf, 2000);
  if (slow.unit === 'until') return;
  const last = days.at(-1)?.date ?? '';
  const numbered = days.filter((day) => day.number !== null);
  expect(numbered.map((day) => day.date)).toEqual(expected.counted.filter((date) => date <= last));
  expect(numbered.map((day) => day.number)).toEqual(numbered.map((_, index) => index + 1));
}

const wholeDays = fc.integer({ min: 1, max: 12 });

describe('clocks agree with the slow reference', () => {
  it.each([
    ['workingDays', wholeDays, 120],
    ['calendarDays', wholeDays, 120],
    ['workingHours', fc.integer({ min: 1, max: 40 }).map((n) => n / 4), 50],
    ['until', quarters(40), 50],
  ] as const)(
    'in %s: due, overdue, provisional, used, and every day of the explanation',
    (unit, amount, numRuns) => {
      const clocks = clocksIn(unit, amount).filter((slow) => {
        if (unit !== 'workingHours') return true;
        // The slow reference gives up somewhere; what lies beyond is not compared.
        const { dueAt } = projectClock(specOf(slow), slow.asOf);
        return dueAt === null || dueAt <= horizonOf(slow);
      });
      fc.assert(fc.property(clocks, expectTheSame), { numRuns });
    },
    60_000,
  );

  it('reaches a share when the counted day of its number begins', () => {
    fc.assert(
      fc.property(
        clocksIn('workingDays', wholeDays),
        fc.constantFrom(10, 50, 55, 70, 90, 100),
        (slow, percent) => {
          const total = slow.amounts.reduce((sum, n) => sum + n, 0);
          const [rung] = rungsOf(specOf(slow), {
            id: 'l',
            name: 'l',
            rungs: [{ rung: 'yellow', at: { used: percent / 100 } }],
          });
          const { due } = slowVerdict({ ...slow, amounts: [Math.ceil((percent * total) / 100)] });
          const starts = due === null ? null : endOfDate(slow.zone, dateOf(dayNumberOf(String(due)) - 1)) + 1;
          expect(rung?.at).toBe(starts);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
