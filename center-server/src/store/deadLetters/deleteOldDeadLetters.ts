import type { Queryable } from '../database.ts';

/** Removes what was refused before an instant, replayed or not. @param before ms since the epoch @returns how many */
export async function deleteOldDeadLetters(db: Queryable, before: number): Promise<number> {
  const gone = await db.query('DELETE FROM dead_letter WHERE received_at < to_timestamp($1 / 1000.0)', [
    before,
  ]);
  return gone.rowCount ?? 0;
}
