import type { Matter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the matters of a city plan in: new ones are added, known ones changed. */
export async function putMatters(db: Queryable, matters: Matter[]): Promise<void> {
  await db.query(
    `INSERT INTO matter (id, name, name_en, department_kind, legal, legal_basis, promised, stages, stage_limits, delivery)
     SELECT id, name, "nameEn", "departmentKind", legal, "legalBasis", promised, stages, "stageLimits", delivery
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, name text, "nameEn" text, "departmentKind" text, legal jsonb, "legalBasis" text, promised jsonb, stages text[], "stageLimits" jsonb, delivery jsonb)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, department_kind = excluded.department_kind, legal = excluded.legal, legal_basis = excluded.legal_basis, promised = excluded.promised, stages = excluded.stages, stage_limits = excluded.stage_limits, delivery = excluded.delivery`,
    [JSON.stringify(matters)],
  );
}
