import { calendarBookSchema, type CalendarBook } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** The latest version of the working calendar, or null when nothing was ever entered. */
export async function currentCalendarBook(db: Queryable): Promise<CalendarBook | null> {
  const found = await db.query<{ body: unknown }>(
    'SELECT body FROM calendar_book ORDER BY version DESC LIMIT 1',
  );
  return found.rows[0] ? calendarBookSchema.parse(found.rows[0].body) : null;
}
