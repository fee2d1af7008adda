import type { SourceInput } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** Every source from which something is expected, whether an alert of its silence stands, and which of failed rules. */
export async function watchedSources(db: Queryable): Promise<Omit<SourceInput, 'type' | 'at'>[]> {
  type Row = SourceInput['source'] & { silent: boolean; standing: string[]; failed: string[] };
  const found = await db.query<Row>(
    `SELECT id, name, region, expect_every_seconds AS "expectEverySeconds", storage, disabled_at IS NOT NULL AS disabled,
            floor(extract(epoch FROM last_seen_at) * 1000)::float8 AS "lastSeenAt",
            floor(extract(epoch FROM created_at) * 1000)::float8 AS since,
            -- One that somebody closed while the silence goes on still counts: it is not raised again.
            EXISTS (SELECT 1 FROM alert WHERE kind = 'silent' AND source_id = source.id AND state <> 'rescinded'
                    AND (state <> 'closed' OR alert.at > coalesce(last_seen_at, created_at))) AS silent,
            -- Closed ones too: what a person closed is not raised again before it was over.
            ARRAY(SELECT fingerprint FROM alert WHERE kind NOT IN ('silent', 'rule-failed') AND source_id = source.id
                  AND case_id IS NULL AND state <> 'rescinded') AS standing,
            ARRAY(SELECT fingerprint FROM alert WHERE kind = 'rule-failed' AND source_id = source.id
                  AND state NOT IN ('closed', 'rescinded')) AS failed
     FROM source LEFT JOIN LATERAL (
       SELECT json_build_object('state', state, 'freeBytes', free_bytes,
                'since', floor(extract(epoch FROM since) * 1000)::float8) AS storage
       FROM recording_storage WHERE source_id = source.id) AS disk ON true
     WHERE expect_every_seconds > 0 OR storage IS NOT NULL ORDER BY id`,
  );
  return found.rows.map(({ silent, standing, failed, ...source }) => ({ source, silent, standing, failed }));
}
