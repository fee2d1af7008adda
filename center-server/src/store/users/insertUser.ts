import type { NewUser, User } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { USER_COLUMNS } from './columns.ts';

/** A new user, with the password already hashed. */
export interface UserRow extends Omit<NewUser, 'password'> {
  passwordHash: string;
  /** Made by the demo set-up. */
  demo: boolean;
}

/** @returns undefined when the name is taken */
export async function insertUser(db: Queryable, user: UserRow): Promise<User | undefined> {
  const made = await db.query<User>(
    `INSERT INTO app_user (username, name, role, region, password_hash, demo) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (username) DO NOTHING RETURNING ${USER_COLUMNS}`,
    [user.username, user.name, user.role, user.region, user.passwordHash, user.demo],
  );
  return made.rows[0];
}
