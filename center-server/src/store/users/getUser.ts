import type { User } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { USER_COLUMNS } from './columns.ts';

export async function getUser(db: Queryable, id: number): Promise<User | undefined> {
  const found = await db.query<User>(`SELECT ${USER_COLUMNS} FROM app_user WHERE id = $1`, [id]);
  return found.rows[0];
}
