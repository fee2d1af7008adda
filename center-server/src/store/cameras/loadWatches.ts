import type { CameraSeen } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** A camera that something was told of. */
export interface CameraWatch {
  camera: string;
  region: string;
  /** Null while nothing is held of it. */
  seen: CameraSeen | null;
  sources: string[];
}

/** Registered cameras by id, with what rules know of each. */
export async function loadWatches(db: Queryable, ids: string[]): Promise<Map<string, CameraWatch>> {
  const found = await db.query<CameraWatch>(
    `SELECT camera.id AS camera, camera.region, watch.seen, coalesce(watch.sources, '{}') AS sources
     FROM camera LEFT JOIN camera_watch AS watch ON watch.camera_id = camera.id WHERE camera.id = ANY($1)`,
    [ids],
  );
  return new Map(found.rows.map((row) => [row.camera, row]));
}
