import type { Queryable } from '../database.ts';

/** Lets some cases be looked at later, also those without any clock. @param until ms since the epoch */
export async function putOffClocks(db: Queryable, caseIds: string[], until: number): Promise<void> {
  const values = [caseIds, until];
  await db.query('UPDATE clock SET next_at = to_timestamp($2 / 1000.0) WHERE case_id = ANY($1)', values);
  await db.query(
    `INSERT INTO case_look (case_id, next_at)
     SELECT case_id, to_timestamp($2 / 1000.0) FROM case_state
     WHERE case_id = ANY($1) AND NOT EXISTS (SELECT FROM clock WHERE clock.case_id = case_state.case_id)
     ON CONFLICT (case_id) DO UPDATE SET next_at = excluded.next_at`,
    values,
  );
}
