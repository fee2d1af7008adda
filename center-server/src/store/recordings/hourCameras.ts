import { regionPrefix } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** The cameras that are recorded while their hall is open. */
export async function hourCameras(
  db: Queryable,
  region: string,
): Promise<{ id: string; region: string; hall: string | null }[]> {
  const found = await db.query<{ id: string; region: string; hall: string | null }>(
    `SELECT id, region, hall FROM camera
     WHERE recording->>'mode' = 'hours' AND disabled_at IS NULL AND starts_with(region, $1) ORDER BY id`,
    [regionPrefix(region)],
  );
  return found.rows;
}
