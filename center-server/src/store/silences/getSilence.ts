import type { Silence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { selectSilence } from './columns.ts';

export async function getSilence(db: Queryable, id: number): Promise<Silence | undefined> {
  const found = await db.query<Silence>(`${selectSilence()} WHERE silence.id = $1`, [id]);
  return found.rows[0];
}
