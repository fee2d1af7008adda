import type { Inhibitor } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** Standing alerts that may speak for others: those with one of the fingerprints, and the silences of the sources. */
export async function readInhibitors(
  db: Queryable,
  fingerprints: string[],
  sources: string[],
): Promise<Inhibitor[]> {
  const found = await db.query<Inhibitor>(
    `SELECT id, kind, fingerprint, source_id AS source, title, floor(extract(epoch FROM raised_at) * 1000)::float8 AS "raisedAt"
     FROM alert
     WHERE state NOT IN ('closed', 'rescinded')
       AND (fingerprint = ANY($1) OR (kind = 'silent' AND source_id = ANY($2)))
     ORDER BY id`,
    [fingerprints, sources],
  );
  return found.rows;
}
