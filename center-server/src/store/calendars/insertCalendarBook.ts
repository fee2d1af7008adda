import type { CalendarBook } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Stores a version of the working calendar. @returns false when there is one of this number already */
export async function insertCalendarBook(
  db: Queryable,
  book: CalendarBook,
  { at, by, region, note }: { at: number; by: string; region: string | null; note: string },
): Promise<boolean> {
  const inserted = await db.query(
    `INSERT INTO calendar_book (version, body, note, created_at, created_by, region)
     VALUES ($1, $2, $3, to_timestamp($4 / 1000.0), $5, $6) ON CONFLICT DO NOTHING`,
    [book.version, JSON.stringify(book), note, at, by, region],
  );
  return inserted.rowCount === 1;
}
