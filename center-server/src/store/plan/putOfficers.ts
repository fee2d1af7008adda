import type { Officer } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the officers of a city plan in: new ones are added, known ones changed. */
export async function putOfficers(db: Queryable, officers: Officer[]): Promise<void> {
  await db.query(
    `INSERT INTO officer (id, department, name)
     SELECT id, department, name
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, department text, name text)
     ON CONFLICT (id) DO UPDATE SET department = excluded.department, name = excluded.name`,
    [JSON.stringify(officers)],
  );
}
