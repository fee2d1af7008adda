import type { Queryable } from '../database.ts';

/**
 * The cases that must be looked at by `at` (ms since the epoch), the longest due first. Cases of a
 * source that is silent wait until it is heard again: what it has not told may have ended them.
 * @param except further sources whose cases wait
 */
export async function dueCases(
  db: Queryable,
  at: number,
  except: string[],
  limit: number,
): Promise<string[]> {
  const found = await db.query<{ case_id: string }>(
    `SELECT case_id FROM due_look JOIN case_state USING (case_id)
     WHERE next_at <= to_timestamp($1 / 1000.0) AND case_state.source <> ALL($2)
       AND case_state.source NOT IN (SELECT source_id FROM alert
                                     WHERE kind = 'silent' AND state NOT IN ('closed', 'rescinded') AND source_id IS NOT NULL)
     ORDER BY next_at LIMIT $3`,
    [at, except, limit],
  );
  return [...new Set(found.rows.map((row) => row.case_id))];
}
