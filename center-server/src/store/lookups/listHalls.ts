import { regionPrefix, type Hall } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { HALL_COLUMNS, withoutNulls } from '../directory/readDirectory.ts';

/** Halls of a region and everything below it. */
export async function listHalls(db: Queryable, region: string): Promise<Hall[]> {
  const found = await db.query<Hall>(
    `SELECT ${HALL_COLUMNS} FROM hall WHERE starts_with(region, $1) ORDER BY region, id`,
    [regionPrefix(region)],
  );
  return found.rows.map(withoutNulls);
}
