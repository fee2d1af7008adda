import { regionPrefix, type RecordingOrder } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** The times that clips were cut from: kept until somebody ends the clip. */
export async function evidenceOrders(db: Queryable, region: string): Promise<RecordingOrder[]> {
  const found = await db.query<RecordingOrder>(
    `SELECT camera_id AS camera, 'evidence' AS why, round(extract(epoch FROM from_at) * 1000)::float8 AS "from",
       round(extract(epoch FROM to_at) * 1000)::float8 AS "to"
     FROM clip WHERE ended_at IS NULL AND state <> 'failed' AND starts_with(region, $1)`,
    [regionPrefix(region)],
  );
  return found.rows;
}
