import type { Queryable } from '../database.ts';

/** Removes the projections of cases that turned out to have no clock (their acceptance was taken back). */
export async function deleteClocks(db: Queryable, caseIds: string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await db.query('DELETE FROM clock WHERE case_id = ANY($1)', [caseIds]);
}
