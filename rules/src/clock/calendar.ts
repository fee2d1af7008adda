import chineseDays from 'chinese-days';
import type { CalendarName } from '@mingjing/contracts';
import { dateOf, firstDayOf, isWeekend, yearOf, type DayNumber } from './localDay.ts';

/** What a calendar says of one day. */
export interface DayKind {
  working: boolean;
  /** The holiday it belongs to, also for its make-up working days: 春节. Null on an ordinary day. */
  name: string | null;
}

/** Where a calendar has its days from. Asked once per year and day. */
export interface DaySource {
  name: string;
  /** Whether the year's notice is out. A year that is not covered is provisional. */
  covers: (year: number) => boolean;
  kindOf: (day: DayNumber) => DayKind;
}

interface YearTable {
  first: DayNumber;
  covered: boolean;
  /** Number of working days of the year before the day at this index; one longer than the year. */
  before: Uint16Array;
  /** Index within the year of its k-th working day, from 0. */
  positions: Uint16Array;
}

/** Working days, tabulated year by year as they are asked for. */
export class Calendar {
  readonly name: string;
  readonly #source: DaySource;
  readonly #years = new Map<number, YearTable>();

  constructor(source: DaySource) {
    this.name = source.name;
    this.#source = source;
  }

  isWorking(day: DayNumber): boolean {
    const table = this.#tableOf(day);
    const index = day - table.first;
    return table.before[index + 1] !== table.before[index];
  }

  /** The day with the holiday's name: for explanations, not for counting. */
  kindOf(day: DayNumber): DayKind {
    return this.#source.kindOf(day);
  }

  /** How many working days lie in `from`..`to`, both included; 0 when `to` is before `from`. */
  count(from: DayNumber, to: DayNumber): number {
    if (to < from) return 0;
    const last = yearOf(to);
    let year = yearOf(from);
    let sum = -workingBefore(this.#year(year), from);
    for (; year < last; year += 1) sum += this.#year(year).positions.length;
    return sum + workingBefore(this.#year(last), to + 1);
  }

  /** The n-th working day on or after `from`, n from 1. */
  nth(from: DayNumber, n: number): DayNumber {
    let year = yearOf(from);
    let table = this.#year(year);
    let rank = workingBefore(table, from) + n;
    while (rank > table.positions.length) {
      rank -= table.positions.length;
      year += 1;
      table = this.#year(year);
    }
    return table.first + (table.positions[rank - 1] ?? Number.NaN);
  }

  /** Whether a year between these days, both included, has no notice yet. */
  isProvisional(from: DayNumber, to: DayNumber): boolean {
    const last = yearOf(to);
    for (let year = yearOf(from); year <= last; year += 1) if (!this.#year(year).covered) return true;
    return false;
  }

  #tableOf(day: DayNumber): YearTable {
    return this.#year(yearOf(day));
  }

  #year(year: number): YearTable {
    let table = this.#years.get(year);
    if (!table) {
      table = tabulate(this.#source, year);
      this.#years.set(year, table);
    }
    return table;
  }
}

function workingBefore(table: YearTable, day: DayNumber): number {
  return table.before[day - table.first] ?? Number.NaN;
}

function tabulate(source: DaySource, year: number): YearTable {
  const first = firstDayOf(year);
  const length = firstDayOf(year + 1) - first;
  const before = new Uint16Array(length + 1);
  const positions: number[] = [];
  for (let i = 0; i < length; i += 1) {
    if (source.kindOf(first + i).working) positions.push(i);
    before[i + 1] = positions.length;
  }
  // A calendar without a working day would make every search for one endless.
  if (positions.length === 0) throw new RangeError(`calendar "${source.name}": ${year} has no working day`);
  return { first, covered: source.covers(year), before, positions: Uint16Array.from(positions) };
}

/** chinese-days names a holiday "Spring Festival,春节,4", an ordinary day "Friday". */
function holidayName(label: string): string | null {
  return label.split(',')[1] ?? null;
}

const announced = new Map<number, boolean>();

/**
 * Whether chinese-days holds the notice of a year. For a year it does not know it silently answers Monday
 * to Friday, so that it must be asked first: every notice names New Year's Day.
 */
function isAnnounced(year: number): boolean {
  let answer = announced.get(year);
  if (answer === undefined) {
    answer = holidayName(chineseDays.getDayDetail(`${year}-01-01`).name) !== null;
    announced.set(year, answer);
  }
  return answer;
}

/** The days of years whose notice is out, some thousands at most: every explanation of a deadline names dozens. */
const named = new Map<DayNumber, DayKind>();

/** The State Council's yearly notices, as chinese-days holds them. */
export const nationalDays: DaySource = {
  name: 'cn',
  covers: isAnnounced,
  kindOf: (day) => {
    if (!isAnnounced(yearOf(day))) return { working: !isWeekend(day), name: null };
    let kind = named.get(day);
    if (!kind) {
      const detail = chineseDays.getDayDetail(dateOf(day));
      kind = { working: detail.work, name: holidayName(detail.name) };
      named.set(day, kind);
    }
    return kind;
  },
};

/** Plain Monday to Friday. */
const weekdays: DaySource = {
  name: 'weekdays',
  covers: () => true,
  kindOf: (day) => ({ working: !isWeekend(day), name: null }),
};

const calendars: Record<CalendarName, Calendar> = {
  cn: new Calendar(nationalDays),
  weekdays: new Calendar(weekdays),
};

/**
 * A calendar by its name: `cn` follows the State Council's notices (2004 to 2026; other years are Monday
 * to Friday and provisional), `weekdays` is plain Monday to Friday.
 */
export function calendarOf(name: CalendarName): Calendar {
  return calendars[name];
}
