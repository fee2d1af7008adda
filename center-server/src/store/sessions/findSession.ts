import type { Role } from '@mingjing/contracts';
import type { Viewer } from '../../auth/viewer.ts';
import type { Queryable } from '../database.ts';

interface Row {
  user_id: number;
  username: string;
  name: string;
  role: Role;
  wall: string | null;
  region: string;
  last_used_at: Date;
  expires_at: Date;
}

/**
 * A session that lasts at an instant, of a user who is not disabled or of a wall whose token holds.
 * @param at ms since the epoch
 */
export async function findSession(
  db: Queryable,
  tokenHash: Buffer,
  at: number,
): Promise<{ viewer: Viewer; lastUsedAt: number; expiresAt: number } | undefined> {
  const found = await db.query<Row>({
    name: 'find-session',
    text: `SELECT u.id AS user_id, u.username, u.name, u.role, u.region, NULL AS wall, s.last_used_at, s.expires_at
           FROM user_session s JOIN app_user u ON u.id = s.user_id
           WHERE s.token_hash = $1 AND s.expires_at > to_timestamp($2 / 1000.0) AND u.disabled_at IS NULL
           UNION ALL
           SELECT -t.id, 'wall:' || w.id, w.name, 'leader', w.region, w.id::text, s.last_used_at,
                  least(s.expires_at, t.expires_at)
           FROM user_session s JOIN wall_token t ON t.id = s.wall_token JOIN wall w ON w.id = t.wall_id
           WHERE s.token_hash = $1 AND s.expires_at > to_timestamp($2 / 1000.0)
             AND t.expires_at > to_timestamp($2 / 1000.0) AND t.revoked_at IS NULL`,
    values: [tokenHash, at],
  });
  const row = found.rows[0];
  if (!row) return undefined;
  const { user_id: userId, username, name, role, region } = row;
  return {
    viewer: { userId, username, name, role, region, ...(row.wall === null ? {} : { wall: row.wall }) },
    lastUsedAt: row.last_used_at.getTime(),
    expiresAt: row.expires_at.getTime(),
  };
}
