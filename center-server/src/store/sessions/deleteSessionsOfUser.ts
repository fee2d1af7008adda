import type { Queryable } from '../database.ts';
import { SESSION_ENDED_CHANNEL } from './channel.ts';

/** Ends every session of a user, and tells so on commit. */
export async function deleteSessionsOfUser(db: Queryable, userId: number): Promise<void> {
  await db.query(
    `WITH gone AS (DELETE FROM user_session WHERE user_id = $1 RETURNING token_hash)
     SELECT pg_notify($2, encode(token_hash, 'hex')) FROM gone`,
    [userId, SESSION_ENDED_CHANNEL],
  );
}
