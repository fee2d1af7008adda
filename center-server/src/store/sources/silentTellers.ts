import type { Queryable } from '../database.ts';

/** What a source has kept back while it was silent comes within this time of its being heard again. */
const TELLS_WITHIN_MS = 60_000;

/**
 * The sources that are silent, or were a moment ago: what is known by them is of the past.
 * @param now ms since the epoch
 */
export async function silentTellers(
  db: Queryable,
  now: number,
): Promise<{ id: string; kind: string; region: string }[]> {
  const found = await db.query<{ id: string; kind: string; region: string }>(
    `SELECT id, kind, region FROM source
     WHERE EXISTS (SELECT 1 FROM alert WHERE alert.kind = 'silent' AND alert.source_id = source.id
                   AND state NOT IN ('closed', 'rescinded'))
        OR EXISTS (SELECT 1 FROM alert WHERE alert.kind = 'silent' AND alert.source_id = source.id
                   AND state = 'closed' AND changed_at > to_timestamp($1 / 1000.0))
     ORDER BY id`,
    [now - TELLS_WITHIN_MS],
  );
  return found.rows;
}
