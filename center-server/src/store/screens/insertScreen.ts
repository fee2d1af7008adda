import type { ManagedScreen } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** @returns false when the id is taken */
export async function insertScreen(
  db: Queryable,
  screen: Omit<ManagedScreen, 'disabled' | 'source'>,
): Promise<boolean> {
  const made = await db.query(
    `INSERT INTO screen (id, name, region, hall, counter, url, via, every_ms, zones)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (id) DO NOTHING`,
    [
      ...[screen.id, screen.name, screen.region, screen.hall, screen.counter, screen.url, screen.via],
      ...[screen.everyMs, screen.zones === null ? null : JSON.stringify(screen.zones)],
    ],
  );
  return made.rowCount === 1;
}
