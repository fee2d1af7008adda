import type { Queryable } from '../database.ts';

/** Notes that sources were heard from. @param at ms since the epoch */
export async function touchSources(db: Queryable, ids: string[], at: number): Promise<void> {
  await db.query('UPDATE source SET last_seen_at = to_timestamp($2 / 1000.0) WHERE id = ANY($1)', [ids, at]);
}
