import type { Hall } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { HALL_COLUMNS, withoutNulls } from '../directory/readDirectory.ts';

/** One hall, held against other changes until the transaction ends. */
export async function getHall(db: Queryable, id: string): Promise<Hall | undefined> {
  const found = await db.query<Hall>(`SELECT ${HALL_COLUMNS} FROM hall WHERE id = $1 FOR UPDATE`, [id]);
  return found.rows.map(withoutNulls)[0];
}
