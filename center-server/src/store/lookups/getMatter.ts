import type { Matter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { MATTER_COLUMNS, withoutNulls } from '../directory/readDirectory.ts';

/** One matter, held against other changes until the transaction ends. */
export async function getMatter(db: Queryable, id: string): Promise<Matter | undefined> {
  const found = await db.query<Matter>(`SELECT ${MATTER_COLUMNS} FROM matter WHERE id = $1 FOR UPDATE`, [id]);
  return found.rows.map(withoutNulls)[0];
}
