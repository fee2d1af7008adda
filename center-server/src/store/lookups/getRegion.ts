import type { Region } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export async function getRegion(db: Queryable, code: string): Promise<Region | undefined> {
  const found = await db.query<Region>(
    `SELECT code, name, name_en AS "nameEn", tier, parent, zone, calendar FROM region WHERE code = $1`,
    [code],
  );
  return found.rows[0];
}
