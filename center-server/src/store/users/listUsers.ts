import { regionPrefix, type User } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { USER_COLUMNS } from './columns.ts';

/** Users of a region and everything below it, by region and name. */
export async function listUsers(db: Queryable, region: string): Promise<User[]> {
  const found = await db.query<User>(
    `SELECT ${USER_COLUMNS} FROM app_user WHERE starts_with(region, $1) ORDER BY region, username`,
    [regionPrefix(region)],
  );
  return found.rows;
}
