import type { Department } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the departments of a city plan in: new ones are added, known ones changed. */
export async function putDepartments(db: Queryable, departments: Department[]): Promise<void> {
  await db.query(
    `INSERT INTO department (id, region, name, name_en, kind)
     SELECT id, region, name, "nameEn", kind
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, region text, name text, "nameEn" text, kind text)
     ON CONFLICT (id) DO UPDATE SET region = excluded.region, name = excluded.name, name_en = excluded.name_en, kind = excluded.kind`,
    [JSON.stringify(departments)],
  );
}
