import type { User } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { USER_COLUMNS } from './columns.ts';

export async function findUser(db: Queryable, username: string): Promise<User | undefined> {
  const found = await db.query<User>(`SELECT ${USER_COLUMNS} FROM app_user WHERE username = $1`, [username]);
  return found.rows[0];
}
