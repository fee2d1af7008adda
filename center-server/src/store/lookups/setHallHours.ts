import type { Hall } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Sets when a hall is open; null: the usual hours. */
export async function setHallHours(db: Queryable, id: string, hours: Hall['hours'] | null): Promise<void> {
  await db.query('UPDATE hall SET hours = $2 WHERE id = $1', [id, hours ? JSON.stringify(hours) : null]);
}
