import type { Role } from '@mingjing/contracts';
import type { Viewer } from '../../auth/viewer.ts';
import type { Queryable } from '../database.ts';

interface Row {
  id: number;
  username: string;
  name: string;
  role: Role;
  region: string;
  password_hash: string;
  disabled: boolean;
}

/** What a sign-in is checked against; undefined for a name that nobody has. */
export async function findCredentials(
  db: Queryable,
  username: string,
): Promise<{ viewer: Viewer; passwordHash: string; disabled: boolean } | undefined> {
  const found = await db.query<Row>(
    `SELECT id, username, name, role, region, password_hash, disabled_at IS NOT NULL AS disabled
     FROM app_user WHERE username = $1`,
    [username],
  );
  const row = found.rows[0];
  if (!row) return undefined;
  const { id: userId, name, role, region } = row;
  return {
    viewer: { userId, username: row.username, name, role, region },
    passwordHash: row.password_hash,
    disabled: row.disabled,
  };
}
