import { regionPrefix, type Department } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Departments of a region and everything below it. */
export async function listDepartments(db: Queryable, region: string): Promise<Department[]> {
  const found = await db.query<Department>(
    `SELECT id, region, name, name_en AS "nameEn", kind
     FROM department WHERE starts_with(region, $1) ORDER BY region, id`,
    [regionPrefix(region)],
  );
  return found.rows;
}
