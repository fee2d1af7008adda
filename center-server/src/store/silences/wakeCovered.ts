import type { Queryable } from '../database.ts';
import { COVERS } from './columns.ts';

/**
 * Lets the routing of all standing alerts that some silences are about be decided at once. One that somebody is
 * just changing is left: its change wakes it, and waiting for its lock here could wait for ever.
 * @param now ms since the epoch
 * @returns their ids
 */
export async function wakeCovered(db: Queryable, silences: number[], now: number): Promise<number[]> {
  if (silences.length === 0) return [];
  const woken = await db.query<{ id: number }>(
    `UPDATE alert SET next_at = to_timestamp($2 / 1000.0) WHERE id IN (
       SELECT alert.id FROM alert
       WHERE alert.state NOT IN ('closed', 'rescinded')
         AND EXISTS (SELECT 1 FROM silence WHERE silence.id = ANY($1) AND ${COVERS})
       ORDER BY alert.id FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [silences, now],
  );
  return woken.rows.map((row) => row.id);
}
