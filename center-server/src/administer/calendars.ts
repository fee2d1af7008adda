import {
  calendarBookSchema,
  regionPrefix,
  type CalendarAnswer,
  type CalendarBook,
  type CalendarDay,
  type CalendarDraft,
} from '@mingjing/contracts';
import { calendarsOf, changedDates, dayNumberOf } from '@mingjing/rules';
import { appendAudit } from '../audit/appendAudit.ts';
import { wrong } from '../http/place.ts';
import { ProblemError } from '../http/problems.ts';
import { currentCalendarBook } from '../store/calendars/currentCalendarBook.ts';
import { insertCalendarBook } from '../store/calendars/insertCalendarBook.ts';
import { listCalendarVersions } from '../store/calendars/listCalendarVersions.ts';
import type { Client, Queryable } from '../store/database.ts';
import { listRegions } from '../store/lookups/listRegions.ts';
import { takeEffect } from './enact.ts';
import { concerns, isOwn, shownVersion, type Office } from './office.ts';

const EMPTY: CalendarBook = { version: 0, notices: [], days: [] };

/** The book of entered days in force. */
export async function calendarBook(db: Queryable): Promise<CalendarBook> {
  return (await currentCalendarBook(db)) ?? EMPTY;
}

/** The book as an office may read it: without what other counties have entered for themselves. */
export async function readCalendars(db: Queryable, office: Office): Promise<CalendarAnswer> {
  const book = await calendarBook(db);
  const days = book.days.filter(({ region }) => concerns(office, region));
  const versions = await listCalendarVersions(db);
  return { book: { ...book, days }, versions: versions.map((version) => shownVersion(office, version)) };
}

type Place = Pick<CalendarDay, 'region' | 'date'>;
const keyOf = ({ region, date }: Place): string => `${region ?? ''} ${date}`;

/** @throws ProblemError forbidden or invalid, naming the entry */
async function checkPlaces(db: Queryable, office: Office, draft: CalendarDraft): Promise<void> {
  if (!office.whole && draft.notices && draft.notices.length > 0) {
    const message = 'notices: only an administrator of the whole centre may enter the notice of a year';
    throw new ProblemError('forbidden', message, { errors: [{ field: 'notices', message }] });
  }
  const known = new Set((await listRegions(db, '')).map(({ code }) => code));
  for (const list of ['put', 'remove'] as const) {
    draft[list].forEach(({ region, date }, index) => {
      if (region !== undefined && !known.has(region))
        throw wrong(`${list}.${index}.region`, `there is no region ${region}`);
      if (isOwn(office, region)) return;
      const where = region === undefined ? 'holds everywhere' : `holds in ${region}`;
      const message = `${date} ${where}, outside ${office.region}`;
      throw new ProblemError('forbidden', `${list}.${index}: ${message}`, {
        errors: [{ field: `${list}.${index}`, message }],
      });
    });
  }
}

/** @throws ProblemError invalid where a year would have no working day, or the book grows too long */
function checkBook(book: CalendarBook, touched: Place[]): void {
  const parsed = calendarBookSchema.safeParse(book);
  if (!parsed.success) throw wrong('put', parsed.error.issues[0]?.message ?? 'the calendar grows too long');
  const calendars = calendarsOf(book);
  for (const [index, { region, date }] of touched.entries()) {
    try {
      calendars.of(region ?? '000000', 'cn').isWorking(dayNumberOf(date));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw wrong(`put.${index}`, error.message);
    }
  }
}

/** Dates as spans, one a year: clocks that touch none of them stay as they are. */
function spansOf(dates: string[]): { from: string; to: string }[] {
  const years = new Map<string, { from: string; to: string }>();
  for (const date of dates) {
    const span = years.get(date.slice(0, 4));
    if (!span) years.set(date.slice(0, 4), { from: date, to: date });
    else span.to = date;
  }
  return [...years.values()];
}

function applied(book: CalendarBook, draft: CalendarDraft): CalendarBook {
  const days = new Map(book.days.map((day) => [keyOf(day), day]));
  draft.remove.forEach((place, index) => {
    if (!days.delete(keyOf(place))) throw wrong(`remove.${index}`, `${keyOf(place).trim()} is not entered`);
  });
  for (const day of draft.put) days.set(keyOf(day), day);
  const notices = [...new Set([...book.notices, ...(draft.notices ?? [])])].sort((a, b) => a - b);
  return { version: book.version + 1, notices, days: [...days.values()] };
}

/**
 * Publishes changes to the working calendar, inside a transaction of the caller: every clock whose span
 * touches a changed day is counted anew, also of cases that have ended.
 * @throws ProblemError conflict when they were not made on the latest version; forbidden or invalid naming
 *   the entry
 */
export async function publishCalendar(
  client: Client,
  office: Office,
  draft: CalendarDraft,
): Promise<CalendarAnswer> {
  const before = await calendarBook(client);
  if (draft.base !== before.version) {
    const message = `base: made on version ${draft.base}, but the latest is ${before.version}`;
    throw new ProblemError('conflict', message);
  }
  await checkPlaces(client, office, draft);
  const book = applied(before, draft);
  checkBook(book, draft.put);
  const { at, actor, region } = office;
  const version = { at, by: actor, region: office.whole ? null : region, note: draft.note };
  if (!(await insertCalendarBook(client, book, version)))
    throw new ProblemError('conflict', `base: version ${book.version} was published meanwhile`);
  const everywhere = (draft.notices ?? []).length > 0;
  const prefixes = everywhere
    ? ['']
    : [...draft.put, ...draft.remove].map((day) =>
        day.region === undefined ? '' : regionPrefix(day.region),
      );
  const spans = spansOf(changedDates(before, book));
  await takeEffect(client, { spans, prefixes: [...new Set(prefixes)] }, at);
  const answer = await readCalendars(client, office);
  await appendAudit(client, {
    ...{ at, actor, region, action: 'calendar.published', object: String(book.version) },
    detail: {
      ...{ base: draft.base, note: draft.note, notices: draft.notices ?? [] },
      ...{ put: draft.put.map(keyOf).slice(0, 100), removed: draft.remove.map(keyOf).slice(0, 100) },
    },
  });
  return answer;
}
