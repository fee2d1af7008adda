import type { Queryable } from '../database.ts';

/** The cases whose clock must be looked at by `at` (ms since the epoch), the longest due first. */
export async function dueCases(db: Queryable, at: number, limit: number): Promise<string[]> {
  const found = await db.query<{ case_id: string }>(
    `SELECT case_id FROM clock WHERE next_at <= to_timestamp($1 / 1000.0) ORDER BY next_at LIMIT $2`,
    [at, limit],
  );
  return [...new Set(found.rows.map((row) => row.case_id))];
}
