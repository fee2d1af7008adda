import type { Department, Hall, Matter, Region } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface DirectoryTables {
  regions: Region[];
  matters: Matter[];
  departments: Department[];
  halls: Hall[];
  officers: { id: string; name: string }[];
}

export const MATTER_COLUMNS = `id, name, name_en AS "nameEn", department_kind AS "departmentKind", legal,
  legal_basis AS "legalBasis", promised, stages, stage_limits AS "stageLimits", delivery`;
export const HALL_COLUMNS = 'id, region, name, is_virtual AS "virtual", hours';

/** Columns that are not set, as fields that are not there. */
export function withoutNulls<T extends object>(row: T): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;
}

/** The regions, matters, departments, halls and officers of the centre: small, and asked for by every event. */
export async function readDirectory(db: Queryable): Promise<DirectoryTables> {
  // One after the other: a caller may stand in a transaction, on one connection.
  const regions = await db.query<Region>(
    `SELECT code, name, name_en AS "nameEn", tier, parent, zone, calendar FROM region ORDER BY code`,
  );
  const matters = await db.query<Matter>(`SELECT ${MATTER_COLUMNS} FROM matter ORDER BY id`);
  const departments = await db.query<Department>(
    `SELECT id, region, name, name_en AS "nameEn", kind FROM department ORDER BY id`,
  );
  const halls = await db.query<Hall>(`SELECT ${HALL_COLUMNS} FROM hall ORDER BY id`);
  const officers = await db.query<{ id: string; name: string }>('SELECT id, name FROM officer');
  return {
    regions: regions.rows,
    matters: matters.rows.map(withoutNulls),
    departments: departments.rows,
    halls: halls.rows.map(withoutNulls),
    officers: officers.rows,
  };
}
