import { describe, expect, test } from '@jest/globals';
import { instantTyped, moveBy, partAt, typedInstant } from './typedInstant.ts';

const ZONE = 'Asia/Shanghai';
const AT = Date.parse('2026-12-01T03:40:11+08:00');
const on = (text: string, zone = ZONE): string | null => {
  const at = instantTyped(text, AT, zone);
  return at === null ? null : new Date(at).toISOString();
};

describe('an instant in a field', () => {
  test('is written as people read it, with 24 hours', () => {
    expect(typedInstant(AT, ZONE, 'zh-CN')).toBe('2026年12月01日 03:40:11');
    expect(typedInstant(AT + 12 * 3_600_000, ZONE, 'en')).toBe('2026-12-01 15:40:11');
  });

  test('is read in every way it is written', () => {
    for (const text of [
      '2026年12月01日 03:40:11',
      '2026-12-1 3:40:11',
      '2026/12/01 03:40:11',
      '2026-12-01T03:40:11',
      '2026年12月1日3时40分11秒',
      '12月1日 03:40:11',
      '03:40:11',
      ' 3:40:11 ',
    ])
      expect([text, on(text)]).toEqual([text, '2026-11-30T19:40:11.000Z']);
    expect(on('2026年12月1日')).toBe('2026-11-30T16:00:00.000Z');
    expect(on('11-30 23:59')).toBe('2026-11-30T15:59:00.000Z');
    expect(on('2026-12-01 03:40:11', 'Asia/Urumqi')).toBe('2026-11-30T21:40:11.000Z');
  });

  test('is none when there is no such date or time, or it is something else', () => {
    for (const text of [
      ...['', 'x', '2026', '2026-02-29 10:00', '13-1 10:00', '24:00', '10:60', '10:00:60', '昨天 10:00'],
      ...['2026-12-01 x', '10:00 2026-12-01', '2026-12-01 10'],
    ])
      expect([text, on(text)]).toEqual([text, null]);
  });

  test('is moved part by part', () => {
    const text = typedInstant(AT, ZONE, 'zh-CN');
    expect([0, 5, 8, 12, 15, 19].map((place) => partAt(text, place)?.unit)).toEqual([
      ...['year', 'month', 'day', 'hour', 'minute', 'second'],
    ]);
    expect(partAt('3:40', 0)).toBeNull();
    const moved = (unit: Parameters<typeof moveBy>[1], by: number, from = AT) =>
      typedInstant(moveBy(from, unit, by, ZONE), ZONE, 'en');
    expect(moved('day', -1)).toBe('2026-11-30 03:40:11');
    expect(moved('hour', -4)).toBe('2026-11-30 23:40:11');
    expect(moved('month', 1)).toBe('2027-01-01 03:40:11');
    expect(moved('month', 1, Date.parse('2027-01-31T12:00:00+08:00'))).toBe('2027-02-28 12:00:00');
    expect(moved('year', 1)).toBe('2027-12-01 03:40:11');
    expect(moved('second', 50)).toBe('2026-12-01 03:41:01');
  });
});
