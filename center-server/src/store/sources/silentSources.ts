import type { Queryable } from '../database.ts';

/** The sources of which an alert tells that they are silent, and until when each was heard, ms since the epoch. */
export async function silentSources(db: Queryable): Promise<Map<string, number>> {
  const found = await db.query<{ id: string; heard: number }>(
    `SELECT id, (extract(epoch FROM coalesce(last_seen_at, created_at)) * 1000)::float8 AS heard FROM source
     WHERE id IN (SELECT source_id FROM alert WHERE kind = 'silent' AND state NOT IN ('closed', 'rescinded'))`,
  );
  return new Map(found.rows.map(({ id, heard }) => [id, heard]));
}
