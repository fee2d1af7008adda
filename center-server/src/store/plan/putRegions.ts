import type { Region } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the regions of a city plan in: new ones are added, known ones changed. Parents and children may come in any order: the server checks them at the end of the statement. */
export async function putRegions(db: Queryable, regions: Region[]): Promise<void> {
  await db.query(
    `INSERT INTO region (code, name, name_en, tier, parent, zone, calendar)
     SELECT code, name, "nameEn", tier, parent, zone, calendar
     FROM jsonb_to_recordset($1::jsonb) AS plan(code text, name text, "nameEn" text, tier text, parent text, zone text, calendar text)
     ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, tier = excluded.tier, parent = excluded.parent, zone = excluded.zone, calendar = excluded.calendar`,
    [JSON.stringify(regions)],
  );
}
