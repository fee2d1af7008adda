import type { Queryable } from '../database.ts';

interface NewSession {
  tokenHash: Buffer;
  userId: number;
  /** ms since the epoch */
  at: number;
  expiresAt: number;
}

export async function insertSession(db: Queryable, session: NewSession): Promise<void> {
  await db.query(
    `INSERT INTO user_session (token_hash, user_id, created_at, last_used_at, expires_at)
     VALUES ($1, $2, to_timestamp($3 / 1000.0), to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0))`,
    [session.tokenHash, session.userId, session.at, session.expiresAt],
  );
}
