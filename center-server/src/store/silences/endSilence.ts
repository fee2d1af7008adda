import type { Queryable } from '../database.ts';

/** Ends a silence before its time. @param now ms since the epoch @returns whether it still held */
export async function endSilence(db: Queryable, id: number, by: string, now: number): Promise<boolean> {
  const ended = await db.query(
    `UPDATE silence SET ended_at = to_timestamp($3 / 1000.0), ended_by = $2 WHERE id = $1 AND ended_at IS NULL`,
    [id, by, now],
  );
  return (ended.rowCount ?? 0) > 0;
}

/** Ends the silences whose time is over. @param now ms since the epoch @returns their ids */
export async function endExpired(db: Queryable, now: number): Promise<number[]> {
  const ended = await db.query<{ id: number }>(
    `UPDATE silence SET ended_at = expires_at WHERE ended_at IS NULL AND expires_at <= to_timestamp($1 / 1000.0) RETURNING id`,
    [now],
  );
  return ended.rows.map((row) => row.id);
}
