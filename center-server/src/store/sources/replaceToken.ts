import type { Queryable } from '../database.ts';

/** Gives a source a new token and enables it; the old token is refused from now on. */
export async function replaceToken(db: Queryable, id: string, tokenHash: Buffer): Promise<void> {
  await db.query('UPDATE source SET token_hash = $2, disabled_at = NULL WHERE id = $1', [id, tokenHash]);
}
