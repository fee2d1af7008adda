import { expect, test } from '@jest/globals';
import type { ClockProjection } from '@mingjing/contracts';
import { formatStanding } from './standing.ts';
import type { Locale } from './instants.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const clock = {
  budget: { workingDays: 15 },
  zone: 'Asia/Shanghai',
  dueDate: '2026-11-18',
  dueAt: at('2026-11-18T23:59:59.999'),
  suspended: false,
  total: 15,
  used: 12,
} as ClockProjection;

function standing(
  change: Partial<ClockProjection>,
  now: string,
  ended: string | null = null,
  locale: Locale = 'zh-CN',
): [string, string] | null {
  const item = { clock: { ...clock, ...change }, endedAt: ended === null ? null : at(ended) };
  const said = formatStanding(item, at(now), locale);
  return said && [said.text, said.tone];
}

test('a limit is told in its own unit', () => {
  expect(standing({}, '2026-11-13T09:00')).toEqual(['剩 3 个工作日', 'left']);
  expect(standing({ used: 14 }, '2026-11-17T09:00', null, 'en')).toEqual(['1 working day left', 'left']);
  expect(standing({ used: 15 }, '2026-11-18T23:59')).toEqual(['今日到期', 'today']);
  expect(standing({ used: 17 }, '2026-11-20T09:00')).toEqual(['超 2 个工作日', 'over']);
});

test('on a day off nothing more is counted, and it is late all the same', () => {
  const friday = { dueDate: '2026-11-20', dueAt: at('2026-11-20T23:59:59.999'), used: 15 };
  expect(standing(friday, '2026-11-21T09:00')).toEqual(['已超期', 'over']);
});

test('a planned instant is told in elapsed time', () => {
  const planned = {
    budget: { until: '2026-11-18T10:00:00+08:00' },
    ...{ dueDate: null, dueAt: at('2026-11-18T10:00'), total: null, used: null },
  };
  expect(standing(planned, '2026-11-18T09:30')).toEqual(['剩 30 分钟', 'left']);
  expect(standing(planned, '2026-11-18T12:30')).toEqual(['超 2 小时', 'over']);
});

test('a case that has ended stands where it ended', () => {
  expect(standing({}, '2027-01-01T00:00', '2026-11-18T17:00')).toEqual(['按时', 'none']);
  expect(standing({ used: 17 }, '2027-01-01T00:00', '2026-11-20T17:00')).toEqual(['超 2 个工作日', 'over']);
});

test('a stopped clock has no due date, and a case may have no clock', () => {
  const stopped = { suspended: true, dueAt: null, dueDate: null };
  expect(standing(stopped, '2026-11-18T09:00')).toEqual(['停表中', 'none']);
  expect(formatStanding({ clock: null, endedAt: null }, 0, 'zh-CN')).toBeNull();
});
