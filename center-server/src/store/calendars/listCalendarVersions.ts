import type { CalendarVersion } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Every version of the working calendar, the latest first, with the region of whoever published it. */
export async function listCalendarVersions(
  db: Queryable,
): Promise<(CalendarVersion & { region: string | null })[]> {
  const found = await db.query<CalendarVersion & { region: string | null }>(
    `SELECT version, (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt", created_by AS "createdBy",
            note, region FROM calendar_book ORDER BY version DESC`,
  );
  return found.rows;
}
