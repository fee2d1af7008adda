import { regionPrefix } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Whether every region of the centre lies in this one. */
export async function isWholeCentre(db: Queryable, region: string): Promise<boolean> {
  const found = await db.query<{ whole: boolean }>(
    'SELECT NOT EXISTS (SELECT 1 FROM region WHERE NOT starts_with(code, $1)) AS whole',
    [regionPrefix(region)],
  );
  return found.rows[0]?.whole ?? false;
}
