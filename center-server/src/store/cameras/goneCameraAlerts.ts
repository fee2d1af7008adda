import type { Queryable } from '../database.ts';

/** Fingerprints of the standing alerts on cameras that were removed. */
export async function goneCameraAlerts(db: Queryable): Promise<string[]> {
  const found = await db.query<{ fingerprint: string }>(
    `SELECT fingerprint FROM alert
     WHERE camera IS NOT NULL AND state NOT IN ('closed', 'rescinded')
       AND NOT EXISTS (SELECT 1 FROM camera WHERE camera.id = alert.camera) ORDER BY id`,
  );
  return found.rows.map(({ fingerprint }) => fingerprint);
}
