import type { Screen } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** @returns false when the id is taken */
export async function insertScreen(db: Queryable, screen: Screen): Promise<boolean> {
  const made = await db.query(
    `INSERT INTO screen (id, name, region, hall, counter, url) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO NOTHING`,
    [screen.id, screen.name, screen.region, screen.hall, screen.counter, screen.url],
  );
  return made.rowCount === 1;
}
