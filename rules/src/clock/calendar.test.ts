import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { calendarOf } from './calendar.ts';
import { dateOf, dayNumberOf, firstDayOf, isWeekend } from './localDay.ts';

const HOLIDAYS = path.resolve(import.meta.dirname, '../../../../shared/data/holidays');

interface Notice {
  year: number;
  days: { date: string; isOffDay: boolean }[];
}

function notices(): Notice[] {
  return readdirSync(HOLIDAYS).map(
    (file) => JSON.parse(readFileSync(path.join(HOLIDAYS, file), 'utf8')) as Notice,
  );
}

describe('the national calendar', () => {
  const test = existsSync(HOLIDAYS) ? it : it.skip;
  test('agrees with every yearly notice at hand (skipped where ../shared/data/holidays is absent)', () => {
    const told = new Map(
      notices().flatMap(({ days }) => days.map((day) => [day.date, !day.isOffDay] as const)),
    );
    const years = notices().map((notice) => notice.year);
    expect(years.length).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (const year of years) {
      for (let day = firstDayOf(year); day < firstDayOf(year + 1); day += 1) {
        const working = told.get(dateOf(day)) ?? !isWeekend(day);
        if (calendarOf('cn').isWorking(day) !== working) wrong.push(dateOf(day));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('knows from where to where it reaches', () => {
    const covered = (year: number) => !calendarOf('cn').isProvisional(firstDayOf(year), firstDayOf(year));
    expect([2003, 2004, 2026, 2027].map(covered)).toEqual([false, true, true, false]);
  });

  it('counts and finds working days over years alike', () => {
    const calendar = calendarOf('cn');
    const from = dayNumberOf('2019-12-20');
    let seen = 0;
    for (let day = from; day < from + 1500; day += 1) {
      if (!calendar.isWorking(day)) continue;
      seen += 1;
      expect([calendar.count(from, day), calendar.nth(from, seen)]).toEqual([seen, day]);
    }
  });
});
