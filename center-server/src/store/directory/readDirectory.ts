import type { Department, Matter, Region } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface DirectoryTables {
  regions: Region[];
  matters: Matter[];
  departments: Department[];
}

/** The regions, matters and departments of the centre: small, and asked for by every event. */
export async function readDirectory(db: Queryable): Promise<DirectoryTables> {
  const [regions, matters, departments] = await Promise.all([
    db.query<Region>(
      `SELECT code, name, name_en AS "nameEn", tier, parent, zone, calendar FROM region ORDER BY code`,
    ),
    db.query<Matter>(
      `SELECT id, name, name_en AS "nameEn", department_kind AS "departmentKind", legal, legal_basis AS "legalBasis",
              promised, stages FROM matter ORDER BY id`,
    ),
    db.query<Department>(`SELECT id, region, name, name_en AS "nameEn", kind FROM department ORDER BY id`),
  ]);
  return { regions: regions.rows, matters: matters.rows, departments: departments.rows };
}
