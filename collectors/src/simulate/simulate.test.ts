import { beforeAll, describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { caseIdOf, dataSchemaOf, envelopeSchema, inScope, parseInstant } from '@mingjing/contracts';
import { isOpenAt, workingDayFrom, workingDaysBetween } from './calendar.ts';
import { indexCity, loadCity, type City } from './city.ts';
import { playDay } from './day.ts';
import { playMinute, playOpening } from './live.ts';
import type { TimedEvent } from './script.ts';
import { BAD_STORY_NAMES } from './stories.ts';

const CITY_FILE = fileURLToPath(new URL('../../../demo/baoding.yaml', import.meta.url));
/** A span with a long holiday and a make-up Saturday in it: 中秋节 and 国庆节 of 2026. */
const DAYS = workingDaysBetween('2026-09-14', '2026-10-16', 'cn');
const MINUTE = 60_000;

let city: City;
let month: TimedEvent[];
let hour: TimedEvent[];
beforeAll(async () => {
  city = await loadCity(CITY_FILE);
  month = DAYS.flatMap((day) => playDay(city, day, 1));
  hour = Array.from({ length: 60 }, (_, n) => playMinute(city, 29_000_000 + n, 1, 360)).flat();
});

function byCase(events: TimedEvent[]): Map<string, TimedEvent[]> {
  const cases = new Map<string, TimedEvent[]>();
  for (const timed of events) {
    const { caseNo, region } = timed.event.data as { caseNo?: string; region: string };
    if (caseNo === undefined) continue;
    const id = caseIdOf({ region, caseNo });
    const known = cases.get(id);
    if (known) known.push(timed);
    else cases.set(id, [timed]);
  }
  return cases;
}

describe('the demo city', () => {
  test('holds the first batch: counties, districts, departments, matters with limits and law', () => {
    const { plan } = city;
    const names = plan.regions.map((region) => region.name);
    expect(names).toEqual(
      expect.arrayContaining([
        '涿州市',
        '雄县',
        '易县',
        '定州市',
        '安新县',
        '望都县',
        '新市区',
        '北市区',
        '南市区',
        '松林店镇',
      ]),
    );
    for (const kind of [
      '住建局',
      '卫生局',
      '民政局',
      '发改委',
      '规划局',
      '计生委',
      '供销社',
      '文化广电新闻出版局',
      '外事办',
    ]) {
      expect(plan.departments.some((department) => department.name.endsWith(kind))).toBe(true);
    }
    expect(plan.matters.length).toBeGreaterThanOrEqual(40);
    expect(new Set(plan.cameras.map((camera) => camera.hall)).size).toBe(12);
    expect(plan.screens.map((screen) => screen.url)).toEqual(
      plan.screens.map((screen) => `http://127.0.0.1:8083/counter/${screen.id}`),
    );
  });

  test('names a reference to something that is not there', () => {
    const plan = structuredClone(city.plan);
    plan.counters[0]!.hall = 'hall-nowhere';
    expect(() => indexCity(plan)).toThrow('counter "baoding-01": hall "hall-nowhere" is not in the file');
  });
});

describe('working days', () => {
  test('follow the notices of the State Council', () => {
    expect(DAYS).toContain('2026-09-20');
    expect(DAYS).not.toContain('2026-10-01');
    expect(workingDayFrom('2026-09-30', 1, 'cn')).toBe('2026-10-08');
    expect(playDay(city, '2026-10-01', 1)).toEqual([]);
  });

  test('give the same events for the same seed, others for another', () => {
    const again = playDay(city, DAYS[3]!, 1);
    expect(JSON.stringify(again)).toBe(JSON.stringify(playDay(city, DAYS[3]!, 1)));
    expect(JSON.stringify(playDay(city, DAYS[3]!, 2))).not.toBe(JSON.stringify(again));
    expect(JSON.stringify(playMinute(city, 29_000_003, 1, 360))).toBe(
      JSON.stringify(playMinute(city, 29_000_003, 1, 360)),
    );
  });

  test('are events that the centre takes', () => {
    const seen = new Set<string>();
    const wrong: string[] = [];
    const regionOf = new Map(city.plan.sources.map((source) => [source.id, source.region]));
    for (const { at, event, source, story } of [...month, ...hour]) {
      const key = `${source} ${event.id}`;
      const valid =
        envelopeSchema.safeParse(event).success && dataSchemaOf(event.type)?.safeParse(event.data).success;
      if (valid !== true) wrong.push(`${key}: no valid ${event.type}`);
      if (event.source !== source) wrong.push(`${key}: source ${event.source}`);
      if (parseInstant(event.time) > at) wrong.push(`${key}: posted before it happened`);
      if (!inScope(regionOf.get(source) ?? '', event.data['region'] as string))
        wrong.push(`${key}: not its region`);
      if (story !== 'duplicate' && seen.has(key)) wrong.push(`${key}: twice`);
      seen.add(key);
    }
    expect(wrong).toEqual([]);
  });

  test('never have two cases under one number, nor a case in two counties', () => {
    const numbers = new Set<string>();
    for (const [id, events] of byCase([...month, ...hour])) {
      for (const { event } of events) numbers.add(`${id} ${event.id.replace(/-\d+$/, '')}`);
    }
    expect(numbers.size).toBe(byCase([...month, ...hour]).size);
  });

  test('begin and handle cases in opening hours, but for those that are there because they do not', () => {
    const handled = month.filter(
      ({ event }) => /^(case|order|appeal)\./.test(event.type) && event.type !== 'case.corrected',
    );
    const outside = handled.filter(({ event }) => !isOpenAt(parseInstant(event.time), 'cn', 'Asia/Shanghai'));
    expect(new Set(outside.map((timed) => timed.story))).toEqual(new Set(['off-hours']));
  });

  test('have the size of a small city: 100 to 200 cases a day', () => {
    const cases = byCase(month).size / DAYS.length;
    expect(cases).toBeGreaterThan(100);
    expect(cases).toBeLessThan(200);
  });
});

describe('bad cases', () => {
  test('of each kind are there within any three working days', () => {
    for (let at = 0; at + 3 <= DAYS.length; at++) {
      const stories = new Set(
        DAYS.slice(at, at + 3).flatMap((day) => playDay(city, day, 1).map(({ story }) => story)),
      );
      expect([...stories]).toEqual(expect.arrayContaining([...BAD_STORY_NAMES, 'source-silent']));
    }
  });

  test('are what they are called', () => {
    const of = (story: string) => [
      ...byCase(
        month.filter((timed) => (timed.story === 'source-silent' ? 'good' : timed.story) === story),
      ).values(),
    ];
    const at = (events: TimedEvent[], type: string) =>
      parseInstant(events.find(({ event }) => event.type === type)!.event.time);
    const data = (events: TimedEvent[], type: string) =>
      events.find(({ event }) => event.type === type)!.event.data;
    for (const one of of('backdated-acceptance'))
      expect(at(one, 'case.accepted')).toBeLessThan(at(one, 'case.submitted'));
    for (const one of of('same-officer'))
      expect(data(one, 'case.accepted')['officer']).toBe(data(one, 'case.decided')['officer']);
    for (const one of of('good').filter((events) =>
      events.some(({ event }) => event.type === 'case.decided'),
    )) {
      expect(data(one, 'case.accepted')['officer']).not.toBe(data(one, 'case.decided')['officer']);
    }
    for (const one of of('refused-without-reason'))
      expect(data(one, 'case.decided')).not.toHaveProperty('reason');
    for (const one of of('decided-outside-hall'))
      expect(one.some(({ event }) => event.type === 'barcode.scanned')).toBe(false);
    for (const one of of('extension-without-approver'))
      expect(data(one, 'case.extended')).not.toHaveProperty('approver');
    for (const one of of('duplicate'))
      expect(new Set(one.map(({ event }) => event.id)).size).toBe(one.length - 1);
    for (const one of of('bad-rating')) expect(data(one, 'rating.given')['level']).toBeLessThanOrEqual(2);
    for (const one of of('late-event'))
      expect(one.some((timed) => timed.at - parseInstant(timed.event.time) > 3 * 3_600_000)).toBe(true);
    for (const one of of('corrected')) {
      expect(one.map(({ event }) => event.id)).toContain(data(one, 'case.corrected')['corrects']);
    }
  });

  test('are few: at least 95 % of what is decided is decided in time', () => {
    const decided = byCase(month.filter(({ event }) => event.type === 'case.decided'));
    const late = [...decided.values()].filter(([first]) =>
      ['overdue-closed', 'overdue-open', 'extension-without-approver', 'suspension-over-limit'].includes(
        first!.story,
      ),
    );
    expect(late.length).toBeGreaterThan(0);
    expect(1 - late.length / decided.size).toBeGreaterThan(0.95);
  });
});

describe('the live play', () => {
  test('goes on at night: cases with a planned instant 1 to 10 minutes ahead, some of them overdue', () => {
    const cases = [...byCase(hour).values()];
    const late = cases.filter((events) => {
      const accepted = events.find(({ event }) => event.type === 'case.accepted')!.event;
      const limit = accepted.data['limit'] as { budget: { until: string } };
      const ahead = parseInstant(limit.budget.until) - parseInstant(accepted.time);
      expect(ahead).toBeGreaterThanOrEqual(MINUTE);
      expect(ahead).toBeLessThanOrEqual(10 * MINUTE);
      const decided = events.find(({ event }) => event.type === 'case.decided')!.event;
      return parseInstant(decided.time) > parseInstant(limit.budget.until);
    });
    expect(cases.length).toBe(360);
    expect(late.length).toBeGreaterThan(5);
    expect(late.length / cases.length).toBeLessThan(0.05);
  });

  test('has an event every second or two, city-wide', () => {
    const inside = hour.filter(
      ({ at }) => at >= (29_000_000 + 20) * MINUTE && at < (29_000_000 + 40) * MINUTE,
    );
    expect(inside.length / (20 * 60)).toBeGreaterThan(0.5);
    expect(inside.length / (20 * 60)).toBeLessThan(2);
  });

  test('lets one source fall silent for longer than is expected of it, and hands in what it held back', () => {
    const beats = hour.filter(({ event }) => event.type === 'heartbeat');
    const gaps = city.sources.map(({ id }) => {
      const own = beats.filter(({ source }) => source === id).map(({ at }) => at);
      return Math.max(...own.slice(1).map((at, n) => at - own[n]!));
    });
    expect(gaps[0]).toBe(30_000);
    expect(gaps.some((gap) => gap > 120_000)).toBe(true);
  });

  test('begins with cases that fall due in its first minute', () => {
    const start = 29_000_000 * MINUTE + 17_000;
    const due = playOpening(city, start, 1).flatMap(({ event }) =>
      event.type === 'case.accepted'
        ? [parseInstant((event.data['limit'] as { budget: { until: string } }).budget.until)]
        : [],
    );
    expect(due).toHaveLength(3);
    for (const instant of due) {
      expect(instant).toBeGreaterThan(start);
      expect(instant).toBeLessThan(start + MINUTE);
    }
  });
});
