import type { Queryable } from '../database.ts';

/**
 * Which sessions are no more: signed out, expired, of a user who was disabled or a wall's token that holds no more.
 * @param sessions their names, 64 hex digits each
 * @param at ms since the epoch
 */
export async function endedSessions(
  db: Queryable,
  sessions: readonly string[],
  at: number,
): Promise<string[]> {
  const found = await db.query<{ name: string }>(
    `SELECT asked.name FROM unnest($1::text[]) AS asked(name)
     WHERE NOT EXISTS (
       SELECT FROM user_session s LEFT JOIN app_user u ON u.id = s.user_id
       LEFT JOIN wall_token t ON t.id = s.wall_token
       WHERE s.token_hash = decode(asked.name, 'hex') AND s.expires_at > to_timestamp($2 / 1000.0)
         AND (u.id IS NOT NULL AND u.disabled_at IS NULL
              OR t.id IS NOT NULL AND t.revoked_at IS NULL AND t.expires_at > to_timestamp($2 / 1000.0)))`,
    [sessions, at],
  );
  return found.rows.map(({ name }) => name);
}
