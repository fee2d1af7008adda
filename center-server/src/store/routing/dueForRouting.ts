import type { Queryable } from '../database.ts';

/**
 * Locks the alerts whose routing is to be decided by now, longest due first; those that somebody is just
 * changing are left for the next look.
 * @param now ms since the epoch
 */
export async function dueForRouting(db: Queryable, now: number, most: number): Promise<number[]> {
  const found = await db.query<{ id: number }>(
    `SELECT id FROM alert WHERE next_at <= to_timestamp($1 / 1000.0) ORDER BY next_at, id LIMIT $2
     FOR UPDATE SKIP LOCKED`,
    [now, most],
  );
  return found.rows.map((row) => row.id);
}
