import type { Queryable } from '../database.ts';

/** How cases are called and where they belong, without their state. */
export async function caseLabels(
  db: Queryable,
  caseIds: string[],
): Promise<{ caseId: string; caseNo: string; region: string }[]> {
  const found = await db.query<{ caseId: string; caseNo: string; region: string }>(
    'SELECT case_id AS "caseId", case_no AS "caseNo", region FROM case_state WHERE case_id = ANY($1)',
    [caseIds],
  );
  return found.rows;
}
