import type { Role, User } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { USER_COLUMNS } from './columns.ts';

/** What may change; what is undefined stays. */
export interface UserChange {
  name?: string | undefined;
  role?: Role | undefined;
  region?: string | undefined;
  disabled?: boolean | undefined;
  passwordHash?: string | undefined;
}

/** @returns the user as it is now; undefined when there is none. A new password ends being a demo user. */
export async function updateUser(db: Queryable, id: number, change: UserChange): Promise<User | undefined> {
  const changed = await db.query<User>(
    `UPDATE app_user SET
       name = coalesce($2, name), role = coalesce($3, role), region = coalesce($4, region),
       password_hash = coalesce($5, password_hash), demo = demo AND $5::text IS NULL,
       disabled_at = CASE WHEN $6::boolean IS NULL THEN disabled_at WHEN $6 THEN coalesce(disabled_at, now()) END
     WHERE id = $1 RETURNING ${USER_COLUMNS}`,
    [id, change.name, change.role, change.region, change.passwordHash, change.disabled],
  );
  return changed.rows[0];
}
