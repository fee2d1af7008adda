import type { Queryable } from '../database.ts';
import { SESSION_ENDED_CHANNEL } from './channel.ts';

/** Ends sessions that nobody used in time, and tells so on commit. @param at ms since the epoch */
export async function deleteExpiredSessions(db: Queryable, at: number): Promise<void> {
  await db.query(
    `WITH gone AS (DELETE FROM user_session
       WHERE expires_at <= to_timestamp($1 / 1000.0)
          OR wall_token IN (SELECT id FROM wall_token WHERE expires_at <= to_timestamp($1 / 1000.0))
       RETURNING token_hash)
     SELECT pg_notify($2, encode(token_hash, 'hex')) FROM gone`,
    [at, SESSION_ENDED_CHANNEL],
  );
}
