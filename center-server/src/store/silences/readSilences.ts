import type { HeldSilence } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** Silences as the routing decision needs them: those that hold, or all that held at `since` or after. */
export async function readSilences(db: Queryable, since: number | null = null): Promise<HeldSilence[]> {
  const found = await db.query<HeldSilence>(
    `SELECT id, region, department, rule, kind, case_id AS "caseId", author, reason,
            floor(extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
            floor(extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt",
            floor(extract(epoch FROM ended_at) * 1000)::float8 AS "endedAt"
     FROM silence WHERE ended_at IS NULL OR ended_at > to_timestamp($1 / 1000.0) ORDER BY id`,
    [since],
  );
  return found.rows;
}
