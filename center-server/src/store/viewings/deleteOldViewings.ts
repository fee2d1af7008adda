import type { Client } from '../database.ts';

/**
 * Removes viewings that ended before an instant (ms since the epoch): what was sealed together goes together, once all of
 * it is old enough, so that what is left can still be checked against its seal.
 * @returns how many
 */
export async function deleteOldViewings(client: Client, before: number): Promise<number> {
  const deleted = await client.query(
    `DELETE FROM viewing WHERE sealed_by IN (
       SELECT sealed_by FROM viewing WHERE sealed_by IS NOT NULL
       GROUP BY sealed_by HAVING max(ended_at) < to_timestamp($1::float8 / 1000))
     OR sealed_by IS NULL AND coalesce(ended_at, started_at) < to_timestamp($1::float8 / 1000)`,
    [before],
  );
  return deleted.rowCount ?? 0;
}
