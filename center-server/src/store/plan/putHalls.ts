import type { Hall } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the halls of a city plan in: new ones are added, known ones changed. */
export async function putHalls(db: Queryable, halls: Hall[]): Promise<void> {
  await db.query(
    `INSERT INTO hall (id, region, name, is_virtual, hours)
     SELECT id, region, name, "virtual", hours
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, region text, name text, "virtual" boolean, hours jsonb)
     ON CONFLICT (id) DO UPDATE SET region = excluded.region, name = excluded.name, is_virtual = excluded.is_virtual, hours = excluded.hours`,
    [JSON.stringify(halls)],
  );
}
