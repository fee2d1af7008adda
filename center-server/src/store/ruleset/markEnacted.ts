import type { Queryable } from '../database.ts';

/** Marks a version as in effect. @returns false when somebody else has done so @param at ms since the epoch */
export async function markEnacted(db: Queryable, version: number, at: number): Promise<boolean> {
  const marked = await db.query(
    'UPDATE ruleset SET enacted_at = to_timestamp($2 / 1000.0) WHERE version = $1 AND enacted_at IS NULL',
    [version, at],
  );
  return marked.rowCount === 1;
}
