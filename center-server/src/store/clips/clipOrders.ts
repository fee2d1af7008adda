import { regionPrefix, type ClipOrders } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

const ms = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::float8`;

/** What a media host of a region is to cut, the first asked for first, and which films it is to delete. */
export async function clipOrders(db: Queryable, region: string): Promise<ClipOrders> {
  const due = await db.query<ClipOrders['due'][number]>(
    `SELECT id, camera_id AS camera, region, ${ms('from_at')} AS "from", ${ms('to_at')} AS "to" FROM clip
     WHERE state IN ('queued', 'working') AND ended_at IS NULL AND starts_with(region, $1)
     ORDER BY made_at LIMIT 10`,
    [regionPrefix(region)],
  );
  const ended = await db.query<{ id: string }>(
    `SELECT id FROM clip WHERE ended_at > now() - interval '90 days' AND starts_with(region, $1)
     ORDER BY ended_at DESC LIMIT 1000`,
    [regionPrefix(region)],
  );
  return { due: due.rows, ended: ended.rows.map(({ id }) => id) };
}
