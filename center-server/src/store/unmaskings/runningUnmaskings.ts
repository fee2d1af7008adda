import { regionPrefix, type RunningUnmasking } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/**
 * Which screens of a subtree are shown unmasked, and for how long yet.
 * @param at ms since the epoch
 */
export async function runningUnmaskings(
  db: Queryable,
  region: string,
  at: number,
): Promise<RunningUnmasking[]> {
  const found = await db.query<RunningUnmasking>(
    `SELECT screen_id AS screen, max(extract(epoch FROM until_at) * 1000 - $2::float8)::float8 AS "leftMs"
     FROM unmasking WHERE ended_at IS NULL AND from_at <= to_timestamp($2::float8 / 1000)
       AND until_at > to_timestamp($2::float8 / 1000) AND starts_with(region, $1) GROUP BY screen_id ORDER BY 1`,
    [regionPrefix(region), at],
  );
  return found.rows;
}
