import type { Counter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the counters of a city plan in: new ones are added, known ones changed. */
export async function putCounters(db: Queryable, counters: Counter[]): Promise<void> {
  await db.query(
    `INSERT INTO counter (id, hall, department, name)
     SELECT id, hall, department, name
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, hall text, department text, name text)
     ON CONFLICT (id) DO UPDATE SET hall = excluded.hall, department = excluded.department, name = excluded.name`,
    [JSON.stringify(counters)],
  );
}
