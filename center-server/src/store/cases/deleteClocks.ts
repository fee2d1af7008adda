import type { Queryable } from '../database.ts';

/**
 * Removes the clocks of cases that no longer run, as when an acceptance was taken back.
 * @param kept the names of those that do
 */
export async function deleteClocks(db: Queryable, caseIds: string[], kept: string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await db.query('DELETE FROM clock WHERE case_id = ANY($1) AND clock_id <> ALL($2)', [caseIds, kept]);
}
