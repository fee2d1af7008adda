import { instantOfLocal, localDateOf, formatTime } from './instants.ts';
import type { Locale } from './instants.ts';

/** An instant as a field writes it, and reads it again: 2026年12月01日 03:40:11, or 2026-12-01 03:40:11. */
export function typedInstant(at: number, zone: string, locale: Locale): string {
  const [year, month, day] = localDateOf(at, zone).split('-');
  const date = locale === 'en' ? `${year}-${month}-${day}` : `${year}年${month}月${day}日`;
  return `${date} ${formatTime(at, zone, true)}`;
}

const DATE = /^(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
const TIME = /^(\d{1,2})\s*[::时]\s*(\d{1,2})(?:\s*[::分]\s*(\d{1,2})\s*秒?|\s*分)?$/;

const two = (number: string | number): string => String(number).padStart(2, '0');

/** A local date that there is, YYYY-MM-DD. */
function dateOf(text: string, beside: string): string | null {
  const [, year = beside.slice(0, 4), month = '', day = ''] = DATE.exec(text) ?? [];
  const date = `${year}-${two(month)}-${two(day)}`;
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? null : date;
}

function timeOf(text: string): { minute: string; seconds: number } | null {
  const [, hour, minute, second = '0'] = TIME.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return { minute: `${two(hour)}:${two(minute)}`, seconds: Number(second) };
}

/**
 * The instant that somebody typed, on the clock of a zone: a date and a time, a date without a year (that of `beside`), or
 * a time alone (on the day of `beside`); a date alone means its midnight. Null for anything else, and for dates that
 * there are not.
 * @param beside ms since the epoch
 */
export function instantTyped(text: string, beside: number, zone: string): number | null {
  const today = localDateOf(beside, zone);
  const [, dateText = '', timeText = ''] =
    /^(.*?[\d日])??(?:[\sT]+|(?<=日)|^)(\d{1,2}\s*[::时].*)?$/.exec(text.trim()) ?? [];
  if (dateText === '' && timeText === '') return null;
  const date = dateText === '' ? today : dateOf(dateText, today);
  const time = timeText === '' ? { minute: '00:00', seconds: 0 } : timeOf(timeText);
  if (date === null || time === null) return null;
  return instantOfLocal(`${date}T${time.minute}`, zone) + time.seconds * 1000;
}

const UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
export interface Part {
  unit: (typeof UNITS)[number];
  start: number;
  end: number;
}

/** The number of a typed instant at a place in its text, as year, month … second; the one before it between two. */
export function partAt(text: string, place: number): Part | null {
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length !== UNITS.length) return null;
  const index = Math.max(
    0,
    numbers.findLastIndex((number) => number.index <= place),
  );
  const [number] = numbers.slice(index);
  const unit = UNITS[index];
  return number && unit ? { unit, start: number.index, end: number.index + number[0].length } : null;
}

/** The same local time so many of a unit later; a day that a month does not have becomes its last. */
export function moveBy(at: number, unit: Part['unit'], by: number, zone: string): number {
  const seconds = { hour: 3600, minute: 60, second: 1 };
  if (unit === 'hour' || unit === 'minute' || unit === 'second') return at + by * seconds[unit] * 1000;
  const [year = 0, month = 0, day = 0] = localDateOf(at, zone).split('-').map(Number);
  const months = unit === 'day' ? 0 : by * (unit === 'year' ? 12 : 1);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const target = Date.UTC(year, month - 1 + months, unit === 'day' ? day + by : Math.min(day, last));
  const local = `${new Date(target).toISOString().slice(0, 10)}T${formatTime(at, zone)}`;
  return instantOfLocal(local, zone) + (Number(formatTime(at, zone, true).slice(6)) * 1000 + (at % 1000));
}
