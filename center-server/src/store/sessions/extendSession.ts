import type { Queryable } from '../database.ts';

/** Notes that a session was used. Times in ms since the epoch. */
export async function extendSession(
  db: Queryable,
  tokenHash: Buffer,
  at: number,
  expiresAt: number,
): Promise<void> {
  await db.query(
    `UPDATE user_session SET last_used_at = to_timestamp($2 / 1000.0), expires_at = to_timestamp($3 / 1000.0)
     WHERE token_hash = $1`,
    [tokenHash, at, expiresAt],
  );
}
