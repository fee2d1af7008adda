import { regionPrefix } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** How many cases of a region wait to be judged anew. */
export async function countRejudging(db: Queryable, region: string): Promise<number> {
  const found = await db.query<{ n: number }>(
    `SELECT count(*) AS n FROM rejudging JOIN case_state USING (case_id) WHERE starts_with(region, $1)`,
    [regionPrefix(region)],
  );
  return found.rows[0]?.n ?? 0;
}
