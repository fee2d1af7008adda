import { regionPrefix, type Camera } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Cameras with their addresses: for the media host and administrators only. */
export async function listCameras(db: Queryable, region: string): Promise<Camera[]> {
  const found = await db.query<Camera>(
    `SELECT id, name, region, hall, counter, source, sub, onvif, recording FROM camera
     WHERE disabled_at IS NULL AND starts_with(region, $1) ORDER BY region, id`,
    [regionPrefix(region)],
  );
  return found.rows;
}
