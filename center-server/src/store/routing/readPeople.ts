import type { Person } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** Whoever may be told in some regions: users who are not disabled. */
export async function readPeople(db: Queryable, regions: string[]): Promise<Person[]> {
  const found = await db.query<Person>(
    `SELECT id AS "userId", role, region FROM app_user WHERE region = ANY($1) AND disabled_at IS NULL ORDER BY id`,
    [regions],
  );
  return found.rows;
}
