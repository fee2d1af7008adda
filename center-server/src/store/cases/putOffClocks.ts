import type { Queryable } from '../database.ts';

/** Lets some cases be looked at later. @param until ms since the epoch */
export async function putOffClocks(db: Queryable, caseIds: string[], until: number): Promise<void> {
  const values = [caseIds, until];
  await db.query('UPDATE clock SET next_at = to_timestamp($2 / 1000.0) WHERE case_id = ANY($1)', values);
  await db.query('UPDATE case_look SET next_at = to_timestamp($2 / 1000.0) WHERE case_id = ANY($1)', values);
}
