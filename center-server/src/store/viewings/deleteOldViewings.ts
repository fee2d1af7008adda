import type { Queryable } from '../database.ts';

/** Removes viewings that ended before an instant (ms since the epoch). @returns how many */
export async function deleteOldViewings(db: Queryable, before: number): Promise<number> {
  const deleted = await db.query(
    `DELETE FROM viewing WHERE coalesce(ended_at, started_at) < to_timestamp($1::float8 / 1000)`,
    [before],
  );
  return deleted.rowCount ?? 0;
}
