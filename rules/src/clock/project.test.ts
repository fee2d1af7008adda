import { describe, expect, it } from '@jest/globals';
import { baodingLadder } from '../ruleset/presets.ts';
import { Calendar } from './calendar.ts';
import { explainClock } from './explain.ts';
import { projectClock, rungsOf } from './project.ts';
import type { ClockSpec } from './spec.ts';

const t = (text: string): number => Date.parse(text);

function clock(startedAt: string, budget: ClockSpec['budget'], more: Partial<ClockSpec> = {}): ClockSpec {
  return {
    clockId: 'c',
    zone: 'Asia/Shanghai',
    calendar: 'cn',
    startedAt: t(startedAt),
    endedAt: null,
    budget,
    extensions: [],
    suspensions: [],
    ...more,
  };
}

/** looks/case.png: accepted 20 October, 15 working days, stopped 28 October to 5 November. */
const drawn = clock(
  '2026-10-20T09:12:00+08:00',
  { workingDays: 15 },
  { suspensions: [{ from: t('2026-10-28T10:05:00+08:00'), to: t('2026-11-05T08:50:00+08:00') }] },
);

describe('working days', () => {
  it('counts the drawn case to 18 November, cards included', () => {
    const asOf = t('2026-11-20T09:30:00+08:00');
    const projection = projectClock(drawn, asOf);
    expect(projection).toMatchObject({
      dueDate: '2026-11-18',
      total: 15,
      used: 17,
      overdue: true,
      provisional: false,
    });
    expect(projection.dueAt).toBe(t('2026-11-18T23:59:59.999+08:00'));
    expect(rungsOf(drawn, baodingLadder)).toEqual([
      { rung: 'notice', at: t('2026-11-12T00:00:00+08:00') },
      { rung: 'yellow', at: t('2026-11-17T00:00:00+08:00') },
      { rung: 'red', at: t('2026-11-19T00:00:00+08:00') },
    ]);
  });

  it('explains the drawn case day by day', () => {
    const days = explainClock(drawn, t('2026-11-20T09:30:00+08:00'));
    const cells = days.map((day) => {
      if (day.mark === 'start') return '受';
      if (day.mark === 'suspended') return '停';
      return day.number === null ? '–' : String(day.number);
    });
    expect(cells.join(' ')).toBe(
      '受 1 2 3 – – 4 5 停 停 停 – – 停 停 停 6 7 – – 8 9 10 11 12 – – 13 14 15 16 17',
    );
    expect(days.filter((day) => day.late).map((day) => day.date)).toEqual(['2026-11-19', '2026-11-20']);
  });

  it('is in time at any hour of the due date, late a millisecond after it', () => {
    const ended = (at: string): boolean =>
      projectClock({ ...drawn, endedAt: t(at) }, t('2027-01-01T00:00:00Z')).overdue;
    expect(ended('2026-11-18T23:59:59.999+08:00')).toBe(false);
    expect(ended('2026-11-19T00:00:00+08:00')).toBe(true);
  });

  it('counts the make-up days of the Spring Festival and names its days off', () => {
    // 2026: off 15 to 23 February; the Saturdays 14 and 28 February are worked.
    const spec = clock('2026-02-12T10:00:00+08:00', { workingDays: 3 });
    expect(projectClock(spec, spec.startedAt).dueDate).toBe('2026-02-24');
    const days = explainClock(spec, spec.startedAt);
    expect(days.find((day) => day.date === '2026-02-14')).toMatchObject({
      mark: 'make-up',
      number: 2,
      name: '春节',
    });
    expect(days.find((day) => day.date === '2026-02-17')).toMatchObject({
      mark: 'holiday',
      number: null,
      name: '春节',
    });
  });

  it('counts overlapping suspensions once, and one within a day not at all', () => {
    const suspensions = [
      { from: t('2026-11-10T09:00:00+08:00'), to: t('2026-11-13T09:00:00+08:00') },
      { from: t('2026-11-11T09:00:00+08:00'), to: t('2026-11-12T09:00:00+08:00') },
      { from: t('2026-11-16T09:00:00+08:00'), to: t('2026-11-16T16:00:00+08:00') },
    ];
    const spec = clock('2026-11-09T09:00:00+08:00', { workingDays: 5 }, { suspensions });
    // 10, 11 and 12 do not count; 13 (it ends), 16, 17, 18, 19 do.
    expect(projectClock(spec, spec.startedAt).dueDate).toBe('2026-11-19');
  });

  it('has no due date while it stands, but one that was reached before stands', () => {
    const open = (from: string): ClockSpec =>
      clock('2026-11-09T09:00:00+08:00', { workingDays: 3 }, { suspensions: [{ from: t(from), to: null }] });
    const asOf = t('2026-12-01T00:00:00+08:00');
    expect(projectClock(open('2026-11-12T12:00:00+08:00'), asOf)).toMatchObject({
      ...{ dueDate: null, dueAt: null, suspended: true, used: 2, overdue: false, provisional: false },
    });
    expect(projectClock(open('2026-11-13T08:00:00+08:00'), asOf)).toMatchObject({
      ...{ dueDate: '2026-11-12', suspended: true, used: 3, overdue: true },
    });
  });

  it('adds what was granted, and refuses hours on a budget in days', () => {
    const by = (budget: ClockSpec['budget']): ClockSpec => ({
      ...drawn,
      extensions: [{ at: drawn.startedAt, by: budget }],
    });
    expect(projectClock(by({ workingDays: 10 }), drawn.startedAt)).toMatchObject({
      total: 25,
      dueDate: '2026-12-02',
    });
    expect(() => projectClock(by({ workingHours: 10 }), drawn.startedAt)).toThrow(/extensions: workingHours/);
  });

  it('is provisional in a year without a notice, and not a day before', () => {
    const due = (n: number) => projectClock(clock('2026-12-21T09:00:00+08:00', { workingDays: n }), 0);
    expect(due(8)).toMatchObject({ dueDate: '2026-12-31', provisional: false });
    expect(due(9)).toMatchObject({ dueDate: '2027-01-01', provisional: true });
    const early = projectClock(clock('2003-06-02T09:00:00+08:00', { workingDays: 5 }), 0);
    expect(early).toMatchObject({ dueDate: '2003-06-09', provisional: true });
  });
});

describe('other budgets', () => {
  it('rolls calendar days to the next working day, unless told not to', () => {
    // The tenth day is Saturday 3 October 2026, in the National Day holidays up to the 7th.
    const spec = clock('2026-09-23T09:00:00+08:00', { calendarDays: 10 });
    expect(projectClock(spec, spec.startedAt).dueDate).toBe('2026-10-08');
    expect(projectClock({ ...spec, roll: 'none' }, spec.startedAt).dueDate).toBe('2026-10-03');
  });

  it('counts opening hours over lunch, nights and weekends while the clock runs', () => {
    // Friday 11:00: one hour before lunch, 3.5 after it, the rest on Monday.
    const spec = clock('2026-11-13T11:00:00+08:00', { workingHours: 6 });
    expect(projectClock(spec, t('2026-11-13T14:00:00+08:00'))).toMatchObject({
      ...{ dueAt: t('2026-11-16T10:30:00+08:00'), dueDate: null, used: 1.5 },
    });
    const stopped = {
      ...spec,
      suspensions: [{ from: t('2026-11-13T14:00:00+08:00'), to: t('2026-11-16T09:15:00+08:00') }],
    };
    expect(projectClock(stopped, spec.startedAt).dueAt).toBe(t('2026-11-16T15:15:00+08:00'));
  });

  it('compares a planned deadline as an instant', () => {
    const spec = clock(
      '2011-10-06T01:06:40.020+02:00',
      { until: '2011-12-01T01:06:40+01:00' },
      { zone: 'Europe/Amsterdam' },
    );
    const at = t('2011-12-01T01:06:40+01:00');
    expect(projectClock({ ...spec, endedAt: at }, 0)).toMatchObject({
      overdue: false,
      dueAt: at,
      used: null,
    });
    expect(projectClock({ ...spec, endedAt: at + 1 }, 0).overdue).toBe(true);
  });

  it('ends local days where daylight saving ends them', () => {
    const zone = { zone: 'Europe/Amsterdam', calendar: 'weekdays' } as const;
    const due = (start: string) =>
      projectClock(clock(start, { calendarDays: 1 }, { ...zone, roll: 'none' }), 0).dueAt;
    expect(due('2026-03-28T12:00:00+01:00')).toBe(t('2026-03-29T23:59:59.999+02:00'));
    expect(due('2026-10-24T12:00:00+02:00')).toBe(t('2026-10-25T23:59:59.999+01:00'));
    // The night from 28 to 29 March has no 02:00 to 03:00: an opening from 01:00 to 05:00 lasts three hours.
    const workingCalendar = new Calendar({
      name: 'always',
      covers: () => true,
      kindOf: () => ({ working: true, name: null }),
    });
    const hours = [['01:00', '05:00']] as const;
    const night = clock(
      '2026-03-28T12:00:00+01:00',
      { workingHours: 4 },
      { ...zone, hours, workingCalendar },
    );
    expect(projectClock(night, 0).dueAt).toBe(t('2026-03-30T02:00:00+02:00'));
  });

  it('names what cannot be understood', () => {
    const at = '2026-11-09T09:00:00+08:00';
    expect(() => projectClock(clock(at, { workingDays: 1 }, { zone: 'Mars/Phobos' }), 0)).toThrow(
      /zone: "Mars\/Phobos"/,
    );
    expect(() => projectClock(clock(at, { workingHours: 1 }, { hours: [['9', '12:00']] }), 0)).toThrow(
      /hours: "9"/,
    );
    expect(() => projectClock(clock(at, { workingDays: 1.5 }), 0)).toThrow(/budget: 1.5 days/);
  });
});
