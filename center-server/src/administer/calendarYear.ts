import {
  inScope,
  regionPrefix,
  type CalendarBook,
  type CalendarYear,
  type CalendarYearDay,
} from '@mingjing/contracts';
import { calendarsOf, dateOf, dayNumberOf, shippedCalendars } from '@mingjing/rules';

/** The entry that decides a day of a region: the longest region wins. */
function entriesOf(book: CalendarBook, region: string, year: number): Map<string, string | null> {
  const found = new Map<string, { region: string | null; length: number }>();
  for (const day of book.days) {
    if (!day.date.startsWith(`${year}-`)) continue;
    if (day.region !== undefined && !inScope(day.region, region)) continue;
    const length = day.region === undefined ? 0 : regionPrefix(day.region).length;
    const before = found.get(day.date);
    if (!before || before.length <= length) found.set(day.date, { region: day.region ?? null, length });
  }
  return new Map([...found].map(([date, entry]) => [date, entry.region]));
}

/** A year of a region's working calendar, day by day. */
export function calendarYear(book: CalendarBook, region: string, year: number): CalendarYear {
  const calendar = calendarsOf(book).of(region, 'cn');
  const [first, last] = [dayNumberOf(`${year}-01-01`), dayNumberOf(`${year}-12-31`)];
  const entries = entriesOf(book, region, year);
  const days: CalendarYearDay[] = [];
  for (let day = first; day <= last; day += 1) {
    const date = dateOf(day);
    const { working, name } = calendar.kindOf(day);
    const national = shippedCalendars.of(region, 'cn').kindOf(day).name !== null ? 'national' : 'ordinary';
    const entered = entries.get(date);
    const origin = entered === undefined ? national : 'entered';
    days.push({ date, working, name, origin, region: entered ?? null });
  }
  return {
    ...{ year, region, version: book.version, announced: !calendar.isProvisional(first, last) },
    ...{ workingDays: calendar.count(first, last), days },
  };
}
