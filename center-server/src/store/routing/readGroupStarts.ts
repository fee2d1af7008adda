import type { Queryable } from '../database.ts';

/**
 * When the group of each alert began: the raising of the first alert of the same region, department, rule and
 * kind in the seconds before it, of which nobody had been told yet when it came.
 * @returns ms since the epoch by the alert's id
 */
export async function readGroupStarts(
  db: Queryable,
  asked: { id: number; groupSeconds: number }[],
): Promise<Map<number, number>> {
  const found = await db.query<{ id: number; since: number }>(
    `SELECT alert.id, floor(extract(epoch FROM coalesce(first.raised_at, alert.raised_at)) * 1000)::float8 AS since
     FROM unnest($1::bigint[], $2::float8[]) AS asked(id, seconds)
     JOIN alert ON alert.id = asked.id
     CROSS JOIN LATERAL (
       SELECT min(other.raised_at) AS raised_at FROM alert AS other
       WHERE other.region = alert.region AND other.rule = alert.rule AND other.kind = alert.kind
         AND other.department IS NOT DISTINCT FROM alert.department
         AND other.raised_at <= alert.raised_at AND other.raised_at > alert.raised_at - make_interval(secs => asked.seconds)
         AND other.state = 'open' AND (other.told_at IS NULL OR other.told_at > alert.raised_at)
     ) AS first`,
    [asked.map(({ id }) => id), asked.map(({ groupSeconds }) => groupSeconds)],
  );
  return new Map(found.rows.map(({ id, since }) => [id, since]));
}
