import type { Queryable } from '../database.ts';

/** Ends a clip: its film and what it was cut from are no longer kept. @param at ms since the epoch @returns whether it stood */
export async function endClip(db: Queryable, id: string, by: string, at: number): Promise<boolean> {
  const ended = await db.query(
    'UPDATE clip SET ended_at = to_timestamp($3 / 1000.0), ended_by = $2 WHERE id = $1 AND ended_at IS NULL',
    [id, by, at],
  );
  return ended.rowCount === 1;
}
