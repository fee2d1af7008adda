import type { Queryable } from '../database.ts';

/** Notes that a dead letter was played again. @param at ms since the epoch */
export async function markReplayed(db: Queryable, id: number, at: number): Promise<void> {
  await db.query('UPDATE dead_letter SET replayed_at = to_timestamp($2 / 1000.0) WHERE id = $1', [id, at]);
}
