import type { Ruleset } from '@mingjing/contracts';
import { calendarsOf, shippedCalendars, type CaseDirectory, type HistoryWorld } from '@mingjing/rules';
import { currentCalendarBook } from '../store/calendars/currentCalendarBook.ts';
import type { Queryable } from '../store/database.ts';
import { readDirectory } from '../store/directory/readDirectory.ts';
import { currentProfiles } from '../store/profiles/currentProfiles.ts';

function byId<T extends { id: string }>(rows: T[]): (id: string | null) => T | null {
  const found = new Map(rows.map((row) => [row.id, row]));
  return (id) => (id === null ? null : (found.get(id) ?? null));
}

/** What a backtest judges by: a ruleset, with the centre's own directory, calendars and profiles as they are now. */
export async function readWorld(db: Queryable, ruleset: Ruleset): Promise<HistoryWorld> {
  const tables = await readDirectory(db);
  const regions = new Map(tables.regions.map((region) => [region.code, region]));
  const officers = new Map(tables.officers.map(({ id, name }) => [id, name]));
  const directory: CaseDirectory = {
    region: (code) => regions.get(code),
    matter: byId(tables.matters),
    hall: byId(tables.halls),
    department: byId(tables.departments),
    nameOf: (officer) => officers.get(officer) ?? officer,
  };
  const book = await currentCalendarBook(db);
  const learned = await currentProfiles(db);
  const calendars = book ? calendarsOf(book) : shippedCalendars;
  return { ruleset, directory, calendars, profiles: learned?.profiles ?? null };
}
