import type { Matter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { MATTER_COLUMNS, withoutNulls } from '../directory/readDirectory.ts';

/** 事项: the catalogue is the same everywhere. */
export async function listMatters(db: Queryable): Promise<Matter[]> {
  const found = await db.query<Matter>(`SELECT ${MATTER_COLUMNS} FROM matter ORDER BY department_kind, id`);
  return found.rows.map(withoutNulls);
}
