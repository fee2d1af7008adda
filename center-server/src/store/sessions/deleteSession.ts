import type { Queryable } from '../database.ts';
import { SESSION_ENDED_CHANNEL } from './channel.ts';

/** Ends one session, and tells so on commit. */
export async function deleteSession(db: Queryable, tokenHash: Buffer): Promise<void> {
  await db.query(
    `WITH gone AS (DELETE FROM user_session WHERE token_hash = $1 RETURNING token_hash)
     SELECT pg_notify($2, encode(token_hash, 'hex')) FROM gone`,
    [tokenHash, SESSION_ENDED_CHANNEL],
  );
}
