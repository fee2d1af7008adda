import type { SourceInput } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** Every source from which something is expected, whether an alert of its silence stands, and which of failed rules. */
export async function watchedSources(db: Queryable): Promise<Omit<SourceInput, 'type' | 'at'>[]> {
  const found = await db.query<SourceInput['source'] & { silent: boolean; failed: string[] }>(
    `SELECT id, name, region, expect_every_seconds AS "expectEverySeconds", disabled_at IS NOT NULL AS disabled,
            floor(extract(epoch FROM last_seen_at) * 1000)::float8 AS "lastSeenAt",
            floor(extract(epoch FROM created_at) * 1000)::float8 AS since,
            -- One that somebody closed while the silence goes on still counts: it is not raised again.
            EXISTS (SELECT 1 FROM alert WHERE kind = 'silent' AND source_id = source.id AND state <> 'rescinded'
                    AND (state <> 'closed' OR alert.at > coalesce(last_seen_at, created_at))) AS silent,
            ARRAY(SELECT fingerprint FROM alert WHERE kind = 'rule-failed' AND source_id = source.id
                  AND state NOT IN ('closed', 'rescinded')) AS failed
     FROM source WHERE expect_every_seconds > 0 ORDER BY id`,
  );
  return found.rows.map(({ silent, failed, ...source }) => ({ source, silent, failed }));
}
