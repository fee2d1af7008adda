import type { Queryable } from '../database.ts';

interface NewSession {
  tokenHash: Buffer;
  /** Whose it is: a user's, or the token's of a wall that runs by itself. */
  owner: { userId: number } | { wallToken: number };
  /** ms since the epoch */
  at: number;
  expiresAt: number;
}

export async function insertSession(
  db: Queryable,
  { tokenHash, owner, at, expiresAt }: NewSession,
): Promise<void> {
  await db.query(
    `INSERT INTO user_session (token_hash, user_id, wall_token, created_at, last_used_at, expires_at)
     VALUES ($1, $2, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), to_timestamp($5 / 1000.0))`,
    [
      tokenHash,
      'userId' in owner ? owner.userId : null,
      'wallToken' in owner ? owner.wallToken : null,
      at,
      expiresAt,
    ],
  );
}
