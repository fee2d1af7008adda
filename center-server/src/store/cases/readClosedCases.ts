import type { CaseState } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/**
 * The cases that ended at `since` (ms since the epoch) or later, in the order of their ids.
 * @param after the last id of the page before; '' for the first
 */
export async function readClosedCases(
  db: Queryable,
  since: number,
  after: string,
  limit: number,
): Promise<{ caseId: string; state: CaseState }[]> {
  const found = await db.query<{ caseId: string; state: CaseState }>({
    name: 'read-closed-cases',
    text: `SELECT case_id AS "caseId", state FROM case_state
           WHERE case_id > $2 AND ended_at >= to_timestamp($1 / 1000.0) ORDER BY case_id LIMIT $3`,
    values: [since, after, limit],
  });
  return found.rows;
}
