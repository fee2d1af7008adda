import { regionPrefix } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { CAMERA_COLUMNS, type CameraRow } from './cameraRow.ts';

/** The cameras of a subtree with their addresses and encrypted credentials, those out of use too. */
export async function listCameras(db: Queryable, region: string): Promise<CameraRow[]> {
  const found = await db.query<CameraRow>(
    `SELECT ${CAMERA_COLUMNS} FROM camera WHERE starts_with(region, $1) ORDER BY region, id`,
    [regionPrefix(region)],
  );
  return found.rows;
}
