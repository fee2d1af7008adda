import { regionPrefix, type Region } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** A region and everything below it, by code. */
export async function listRegions(db: Queryable, region: string): Promise<Region[]> {
  const found = await db.query<Region>(
    `SELECT code, name, name_en AS "nameEn", tier, parent, zone, calendar
     FROM region WHERE starts_with(code, $1) ORDER BY code`,
    [regionPrefix(region)],
  );
  return found.rows;
}
