import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countedDays, endOfDate, slowDueDate, slowDueInstant, type SlowSpec } from '../../test/slowClock.ts';
import { Calendar } from './calendar.ts';
import { dateOf, dayNumberOf } from './localDay.ts';
import { projectClock, rungsOf } from './project.ts';
import { DEFAULT_HOURS, type ClockSpec } from './spec.ts';

const HALF_HOUR = 1_800_000;
const DAY = 86_400_000;
const FROM = Date.UTC(2023, 11, 1);

/** Repeating patterns of working days and days off, at least one of them working. */
const patterns = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 17 })
  .filter((pattern) => pattern.some(Boolean))
  .map((pattern) => (date: string) => pattern[dayNumberOf(date) % pattern.length] ?? false);

const zones = fc.constantFrom(
  'Asia/Shanghai',
  'Europe/Amsterdam',
  'America/Havana',
  'Australia/Lord_Howe',
  'UTC',
);
const halfHour = (days: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: days * 48 }).map((n) => n * HALF_HOUR);

const clocks = fc
  .record({
    zone: zones,
    isWorking: patterns,
    start: halfHour(500),
    spans: fc.array(fc.record({ after: halfHour(40), length: fc.option(halfHour(12), { freq: 5 }) }), {
      maxLength: 4,
    }),
  })
  .map(({ zone, isWorking, start, spans }): SlowSpec => {
    const startedAt = FROM + start;
    const suspensions = spans.map(({ after, length }) => {
      const from = startedAt - 2 * DAY + after;
      return { from, to: length === null ? null : from + length };
    });
    return { zone, isWorking, startedAt, suspensions };
  });

function specOf(slow: SlowSpec, budget: ClockSpec['budget']): ClockSpec {
  return {
    clockId: 'c',
    zone: slow.zone,
    calendar: 'weekdays',
    workingCalendar: new Calendar({
      name: 'random',
      covers: () => true,
      kindOf: (day) => ({ working: slow.isWorking(dateOf(day)), name: null }),
    }),
    startedAt: slow.startedAt,
    endedAt: null,
    budget,
    extensions: [],
    suspensions: slow.suspensions,
  };
}

describe('clocks agree with the slow reference', () => {
  it.each(['workingDays', 'calendarDays'] as const)('in %s: due date, due instant, days used', (unit) => {
    fc.assert(
      fc.property(
        clocks,
        fc.integer({ min: 1, max: 25 }),
        fc.boolean(),
        halfHour(50),
        (slow, n, roll, later) => {
          const budget = unit === 'workingDays' ? { workingDays: n } : { calendarDays: n };
          const spec: ClockSpec = { ...specOf(slow, budget), roll: roll ? 'next-working-day' : 'none' };
          const asOf = slow.startedAt + later;
          const projection = projectClock(spec, asOf);
          const due = slowDueDate(slow, unit, n, roll && unit === 'calendarDays');
          expect(projection.dueDate).toBe(due?.toString() ?? null);
          expect(projection.dueAt).toBe(due ? endOfDate(slow.zone, due) : null);
          let used = 0;
          for (const date of countedDays(slow, unit)) {
            if (date.toZonedDateTime(slow.zone).epochMilliseconds > asOf) break;
            used += 1;
          }
          expect(projection.used).toBe(used);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('in working hours: the earliest instant at which the budget is used up', () => {
    fc.assert(
      fc.property(clocks, fc.integer({ min: 1, max: 30 }), (slow, halfHours) => {
        // Half-hour steps need openings and offsets on the half hour.
        const hours = DEFAULT_HOURS.map(([opens, closes]): [string, string] => [opens, closes]);
        const spec = specOf(slow, { workingHours: halfHours / 2 });
        const due = slowDueInstant(slow, hours, halfHours);
        const horizon = slow.startedAt + 60 * DAY;
        const projected = projectClock(spec, horizon).dueAt;
        expect(projected !== null && projected <= horizon ? projected : null).toBe(due);
      }),
      { numRuns: 40 },
    );
  });

  it('reaches a share when the counted day of its number begins', () => {
    fc.assert(
      fc.property(
        clocks,
        fc.integer({ min: 1, max: 25 }),
        fc.constantFrom(10, 50, 55, 70, 90, 100),
        (slow, n, percent) => {
          const [rung] = rungsOf(specOf(slow, { workingDays: n }), {
            id: 'l',
            name: 'l',
            rungs: [{ rung: 'yellow', at: { used: percent / 100 } }],
          });
          const date = slowDueDate(slow, 'workingDays', Math.ceil((percent * n) / 100), false);
          expect(rung?.at).toBe(date ? date.toZonedDateTime(slow.zone).epochMilliseconds : null);
        },
      ),
      { numRuns: 80 },
    );
  });
});
