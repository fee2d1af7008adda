import type { Queryable } from '../database.ts';

/** The sources of which an alert tells that they are silent. */
export async function silentSources(db: Queryable): Promise<string[]> {
  const found = await db.query<{ source_id: string }>(
    `SELECT DISTINCT source_id FROM alert
     WHERE kind = 'silent' AND state NOT IN ('closed', 'rescinded') AND source_id IS NOT NULL`,
  );
  return found.rows.map((row) => row.source_id);
}
