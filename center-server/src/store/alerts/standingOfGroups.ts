import type { Queryable } from '../database.ts';

/** Fingerprints of the alerts on officers and departments that were not rescinded. */
export async function standingOfGroups(db: Queryable): Promise<string[]> {
  const found = await db.query<{ fingerprint: string }>(
    `SELECT fingerprint FROM alert
     WHERE case_id IS NULL AND source_id IS NULL AND (officer IS NOT NULL OR department IS NOT NULL)
       AND state <> 'rescinded' ORDER BY id`,
  );
  return found.rows.map(({ fingerprint }) => fingerprint);
}
