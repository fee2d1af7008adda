import type { Queryable } from '../database.ts';

/** From now on the source's token is refused. What it sent stays. */
export async function disableSource(db: Queryable, id: string): Promise<void> {
  await db.query('UPDATE source SET disabled_at = coalesce(disabled_at, now()) WHERE id = $1', [id]);
}
