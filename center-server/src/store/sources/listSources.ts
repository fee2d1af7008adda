import { regionPrefix, type SourceState } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

interface Row {
  id: string;
  name: string;
  kind: string;
  region: string;
  region_name: string;
  last_seen_at: Date | null;
  expect_every_seconds: number;
  silent: boolean;
  disabled: boolean;
}

/**
 * Sources of a region and everything below it, with when each was heard from last.
 * @param at ms since the epoch: silence is measured up to then
 */
export async function listSources(db: Queryable, region: string, at: number): Promise<SourceState[]> {
  const found = await db.query<Row>(
    `SELECT s.id, s.name, s.kind, s.region, r.name AS region_name, s.last_seen_at, s.expect_every_seconds,
            s.disabled_at IS NOT NULL AS disabled,
            s.disabled_at IS NULL AND s.expect_every_seconds > 0
              AND to_timestamp($2 / 1000.0) - coalesce(s.last_seen_at, s.created_at)
                  > make_interval(secs => s.expect_every_seconds) AS silent
     FROM source s JOIN region r ON r.code = s.region
     WHERE starts_with(s.region, $1) ORDER BY s.id`,
    [regionPrefix(region), at],
  );
  return found.rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    region: row.region,
    regionName: row.region_name,
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
    expectEverySeconds: row.expect_every_seconds,
    silent: row.silent,
    disabled: row.disabled,
  }));
}
