import type { Silence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { SELECT_SILENCE } from './columns.ts';

export async function getSilence(db: Queryable, id: number): Promise<Silence | undefined> {
  const found = await db.query<Silence>(`${SELECT_SILENCE} WHERE silence.id = $1`, [id]);
  return found.rows[0];
}
