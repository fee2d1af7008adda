import chineseDays from 'chinese-days';
import { Temporal } from 'temporal-polyfill';
import type { CalendarName, LocalDate, Millis } from '@mingjing/contracts';

/** Opening hours of the demo's halls, in minutes since local midnight: 08:30–12:00 and 13:30–17:30. */
const OPENS = 8 * 60 + 30;
const LUNCH = { from: 12 * 60, to: 13 * 60 + 30 };
const CLOSES = 17 * 60 + 30;
const MORNING = LUNCH.from - OPENS;
/** Minutes a hall is open on a working day. */
export const OPEN_MINUTES = MORNING + (CLOSES - LUNCH.to);

const MINUTE = 60_000;

/** Whether the halls of a calendar are open on a date: by the State Council's notices, or Monday to Friday. */
export function isWorkingDay(date: LocalDate, calendar: CalendarName): boolean {
  if (calendar === 'cn') return chineseDays.isWorkday(date);
  return Temporal.PlainDate.from(date).dayOfWeek <= 5;
}

interface DayList {
  days: LocalDate[];
  index: Map<LocalDate, number>;
}
const lists = new Map<string, DayList>();

/** The working days of a year with its neighbours, made once. */
function workingDaysAround(year: number, calendar: CalendarName): DayList {
  const key = `${calendar} ${year}`;
  const known = lists.get(key);
  if (known) return known;
  const days: LocalDate[] = [];
  const end = Temporal.PlainDate.from({ year: year + 1, month: 12, day: 31 });
  let day = Temporal.PlainDate.from({ year: year - 1, month: 1, day: 1 });
  for (; Temporal.PlainDate.compare(day, end) <= 0; day = day.add({ days: 1 })) {
    const date = day.toString();
    if (isWorkingDay(date, calendar)) days.push(date);
  }
  const list = { days, index: new Map(days.map((date, at) => [date, at])) };
  lists.set(key, list);
  return list;
}

/**
 * The working day that lies `offset` working days after `date` (before it, when negative).
 * @throws RangeError when `date` is no working day, or the answer lies beyond the next year
 */
export function workingDayFrom(date: LocalDate, offset: number, calendar: CalendarName): LocalDate {
  const list = workingDaysAround(Number(date.slice(0, 4)), calendar);
  const at = list.index.get(date);
  if (at === undefined) throw new RangeError(`${date} is no working day of the calendar "${calendar}"`);
  const found = list.days[at + offset];
  if (found === undefined) throw new RangeError(`${offset} working days from ${date} is too far away`);
  return found;
}

/** How many working days lie after `date` within the next `calendarDays` days. */
export function workingDaysWithin(date: LocalDate, calendarDays: number, calendar: CalendarName): number {
  const last = Temporal.PlainDate.from(date).add({ days: calendarDays }).toString();
  const { days, index } = workingDaysAround(Number(date.slice(0, 4)), calendar);
  const start = index.get(date) ?? 0;
  let count = 0;
  while ((days[start + count + 1] ?? '9999') <= last) count++;
  return count;
}

/** The running number of a working day among those of its year and the year before. */
export function workingDayNumber(date: LocalDate, calendar: CalendarName): number {
  return workingDaysAround(Number(date.slice(0, 4)), calendar).index.get(date) ?? 0;
}

const starts = new Map<string, Millis>();

/** The instant of a wall-clock time of a local date. @param minutes since local midnight */
export function instantOf(date: LocalDate, minutes: number, zone: string): Millis {
  const key = `${zone} ${date}`;
  let noon = starts.get(key);
  if (noon === undefined) {
    noon = Temporal.PlainDate.from(date).toZonedDateTime({
      timeZone: zone,
      plainTime: '12:00',
    }).epochMilliseconds;
    starts.set(key, noon);
  }
  // From noon, so that a day whose clock is changed at night keeps its opening hours.
  return noon + Math.round((minutes - 12 * 60) * MINUTE);
}

/** The local date of an instant. */
export function localDateOf(at: Millis, zone: string): LocalDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The `count` working days before `date` and, where it is one, `date` itself; earliest first. */
export function lastWorkingDays(date: LocalDate, count: number, calendar: CalendarName): LocalDate[] {
  const { days } = workingDaysAround(Number(date.slice(0, 4)), calendar);
  const upTo = days.filter((day) => day <= date);
  const today = upTo.at(-1) === date ? 1 : 0;
  return upTo.slice(-(count + today));
}

/** The working days from one date to another, both included. */
export function workingDaysBetween(from: LocalDate, to: LocalDate, calendar: CalendarName): LocalDate[] {
  const found: LocalDate[] = [];
  const last = Temporal.PlainDate.from(to);
  let day = Temporal.PlainDate.from(from);
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (isWorkingDay(day.toString(), calendar)) found.push(day.toString());
  }
  return found;
}

/**
 * 办公时间轴: opening time as one axis. Position 0 is the opening of `date`, 1 the opening of the next
 * working day, 0.5 the middle of the first day's opening time: lunch, nights and holidays take no room.
 * @returns the instant of a position
 */
export function openTimeAxis(
  date: LocalDate,
  calendar: CalendarName,
  zone: string,
): (position: number) => Millis {
  return (position) => {
    const day = workingDayFrom(date, Math.floor(position), calendar);
    const open = (position - Math.floor(position)) * OPEN_MINUTES;
    return instantOf(day, open < MORNING ? OPENS + open : LUNCH.to + (open - MORNING), zone);
  };
}

/** Whether halls are open at an instant. */
export function isOpenAt(at: Millis, calendar: CalendarName, zone: string): boolean {
  const date = localDateOf(at, zone);
  const minutes = (at - instantOf(date, 0, zone)) / MINUTE;
  const inHours = (minutes >= OPENS && minutes < LUNCH.from) || (minutes >= LUNCH.to && minutes < CLOSES);
  return inHours && isWorkingDay(date, calendar);
}
