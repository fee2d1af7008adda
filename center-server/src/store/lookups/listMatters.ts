import type { Matter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** 事项: the catalogue is the same everywhere. */
export async function listMatters(db: Queryable): Promise<Matter[]> {
  const found = await db.query<Matter>(
    `SELECT id, name, name_en AS "nameEn", department_kind AS "departmentKind", legal,
            legal_basis AS "legalBasis", promised, stages
     FROM matter ORDER BY department_kind, id`,
  );
  return found.rows;
}
