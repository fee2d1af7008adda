import type { Queryable } from '../database.ts';
import { SESSION_ENDED_CHANNEL } from './channel.ts';

/**
 * Ends one session, and tells so on commit.
 * @returns whose it was; undefined when there was none
 */
export async function deleteSession(
  db: Queryable,
  tokenHash: Buffer,
): Promise<{ username: string; region: string } | undefined> {
  const gone = await db.query<{ username: string; region: string }>(
    `WITH gone AS (DELETE FROM user_session WHERE token_hash = $1 RETURNING token_hash, user_id),
          told AS (SELECT pg_notify($2, encode(token_hash, 'hex')) FROM gone)
     SELECT username, region FROM gone JOIN app_user ON app_user.id = gone.user_id CROSS JOIN told`,
    [tokenHash, SESSION_ENDED_CHANNEL],
  );
  return gone.rows[0];
}
