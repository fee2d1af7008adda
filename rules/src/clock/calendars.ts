import {
  regionPrefix,
  type CalendarBook,
  type CalendarDay,
  type CalendarName,
  type Region,
} from '@mingjing/contracts';
import { Calendar, calendarOf, nationalDays, type DayKind, type DaySource } from './calendar.ts';
import { dayNumberOf, isWeekend, yearOf, type DayNumber } from './localDay.ts';

/** The calendars that hold in each region: the national one with what was entered on top of it. */
export interface Calendars {
  /** The version of the book they were made from; 0 for what comes with the program. */
  version: number;
  /** The calendar of a name in a region. The same object for the same days, so that its tables are made once. */
  of: (region: Region['code'], name: CalendarName) => Calendar;
}

/** What comes with the program, without anything entered. */
export const shippedCalendars: Calendars = { version: 0, of: (_region, name) => calendarOf(name) };

function overridden(
  name: string,
  notices: ReadonlySet<number>,
  days: ReadonlyMap<DayNumber, DayKind>,
): DaySource {
  const announced = (year: number): boolean => nationalDays.covers(year);
  return {
    name,
    covers: (year) => announced(year) || notices.has(year),
    kindOf: (day) => {
      const own = days.get(day);
      if (own) return own;
      // A year whose notice was entered here: what the notice does not name is an ordinary day.
      if (!announced(yearOf(day))) return { working: !isWeekend(day), name: null };
      return nationalDays.kindOf(day);
    },
  };
}

/** The days of a book that hold in a region: for one date the longest region wins, of equal ones the last. */
function daysIn(region: string, days: readonly CalendarDay[]): Map<DayNumber, DayKind> {
  const found = new Map<DayNumber, DayKind & { length: number }>();
  for (const day of days) {
    const prefix = day.region === undefined ? '' : regionPrefix(day.region);
    if (!region.startsWith(prefix)) continue;
    const number = dayNumberOf(day.date);
    const before = found.get(number);
    if (before && before.length > prefix.length) continue;
    found.set(number, { working: day.working, name: day.name, length: prefix.length });
  }
  return found;
}

/**
 * Makes the calendars of a book. `weekdays` stays plain Monday to Friday; `cn` is the national calendar with
 * the book's days on top, each for its region and all below.
 */
export function calendarsOf(book: CalendarBook): Calendars {
  if (book.days.length === 0 && book.notices.length === 0)
    return { ...shippedCalendars, version: book.version };
  const notices = new Set(book.notices);
  const prefixes = [
    ...new Set(book.days.map((day) => (day.region === undefined ? '' : regionPrefix(day.region)))),
  ];
  const byPlaces = new Map<string, Calendar>();
  const byRegion = new Map<string, Calendar>();
  return {
    version: book.version,
    of: (region, name) => {
      if (name !== 'cn') return calendarOf(name);
      let calendar = byRegion.get(region);
      if (calendar) return calendar;
      // Regions under the same overrides share one calendar, and with it one table a year.
      const places = prefixes.filter((prefix) => region.startsWith(prefix)).join(' ');
      calendar = byPlaces.get(places);
      if (!calendar) {
        calendar = new Calendar(
          overridden(`cn (version ${book.version})`, notices, daysIn(region, book.days)),
        );
        byPlaces.set(places, calendar);
      }
      byRegion.set(region, calendar);
      return calendar;
    },
  };
}

/** The local dates of a book on which two versions differ, for any region: whose clocks must be counted anew. */
export function changedDates(before: CalendarBook, after: CalendarBook): string[] {
  const key = (day: CalendarDay): string =>
    JSON.stringify([day.region ?? '', day.date, day.working, day.name]);
  const [old, now] = [new Set(before.days.map(key)), new Set(after.days.map(key))];
  const changed = [
    ...before.days.filter((day) => !now.has(key(day))),
    ...after.days.filter((day) => !old.has(key(day))),
  ].map((day) => day.date);
  for (const year of [...before.notices, ...after.notices]) {
    if (before.notices.includes(year) !== after.notices.includes(year)) {
      changed.push(`${year}-01-01`, `${year}-12-31`);
    }
  }
  return [...new Set(changed)].sort();
}
