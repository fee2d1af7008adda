import { regionPrefix, type Screen } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Screens with their addresses: whose page the collectors open themselves, for them. */
export async function listScreens(db: Queryable, region: string): Promise<Screen[]> {
  const found = await db.query<Screen>(
    `SELECT id, name, region, hall, counter, url FROM screen
     WHERE disabled_at IS NULL AND via = 'collector' AND starts_with(region, $1) ORDER BY region, id`,
    [regionPrefix(region)],
  );
  return found.rows;
}
