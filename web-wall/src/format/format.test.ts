import { describe, expect, test } from '@jest/globals';
import { formatAgo, formatBudget, formatDuration } from './durations.ts';
import {
  instantOfLocal,
  formatDate,
  formatDateTime,
  formatLocalDate,
  formatTime,
  formatWeekday,
  formatWhen,
} from './instants.ts';
import { formatCount, formatHeld, formatShare } from './numbers.ts';

const at = Date.parse('2026-11-22T01:41:07Z');

describe('instants in the region’s zone', () => {
  test('read as Chinese dates', () => {
    expect(formatDateTime(at, 'Asia/Shanghai', 'zh-CN')).toBe('2026年11月22日 09:41');
    expect(formatDateTime(at, 'Asia/Shanghai', 'zh-CN', true)).toBe('2026年11月22日 09:41:07');
    expect(formatDate(at, 'America/New_York', 'en')).toBe('21 Nov 2026');
    expect(formatLocalDate('2026-02-01', 'zh-CN')).toBe('2026年2月1日');
  });

  test('know the day of the week on the clock of the region', () => {
    const at = Date.parse('2026-12-01T03:40:11+08:00');
    expect([formatWeekday(at, 'Asia/Shanghai', 'zh-CN'), formatWeekday(at, 'UTC', 'en')]).toEqual([
      '星期二',
      'Monday',
    ]);
  });

  test('midnight is 00:00, not 24:00', () => {
    expect(formatTime(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai', true)).toBe('00:00:00');
  });

  test('are as short as they stay unambiguous', () => {
    const when = (text: string): string => formatWhen(Date.parse(text), at, 'Asia/Shanghai', 'zh-CN');
    expect(when('2026-11-21T16:00:00Z')).toBe('00:00');
    expect(when('2026-11-21T15:59:00Z')).toBe('11月21日 23:59');
    expect(when('2025-12-31T08:00:00Z')).toBe('2025年12月31日 16:00');
  });
});

describe('durations', () => {
  test.each([
    [-500, '0 秒'],
    [14_000, '14 秒'],
    [54 * 60_000, '54 分钟'],
    [3 * 3_600_000 + 1, '3 小时'],
    [50 * 3_600_000, '2 天'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms, 'zh-CN')).toBe(text);
  });

  test('ago', () => {
    expect(formatAgo(200, 'zh-CN')).toBe('刚刚');
    expect(formatAgo(2_100, 'zh-CN')).toBe('2 秒前');
    expect(formatAgo(60_000, 'en')).toBe('1 minute ago');
  });
});

test('a budget is told in its own unit, a planned instant by its date', () => {
  expect(formatBudget({ workingDays: 15 }, 'zh-CN')).toBe('15 个工作日');
  expect(formatBudget({ until: '2026-11-22T14:00:00+08:00' }, 'zh-CN')).toBeNull();
});

test('figures never show 0 for nothing', () => {
  expect(formatCount(18436)).toBe('18,436');
  expect([formatHeld(180, 199), formatHeld(180, 200)]).toEqual(['180', '180+']);
  expect(formatShare(0.98611)).toBe('98.6%');
  expect(formatShare(null)).toBe('—');
});

describe('what date and time fields say', () => {
  test('is read on the clock of the region, whatever the browser’s', () => {
    expect(instantOfLocal('2026-11-22', 'Asia/Shanghai')).toBe(Date.parse('2026-11-22T00:00:00+08:00'));
    expect(instantOfLocal('2026-07-01T09:41', 'Europe/Amsterdam')).toBe(
      Date.parse('2026-07-01T09:41:00+02:00'),
    );
    expect(instantOfLocal('2026-03-29T01:30', 'Europe/Amsterdam')).toBe(
      Date.parse('2026-03-29T01:30:00+01:00'),
    );
    expect(instantOfLocal('2026-03-29T03:30', 'Europe/Amsterdam')).toBe(
      Date.parse('2026-03-29T03:30:00+02:00'),
    );
  });
});
