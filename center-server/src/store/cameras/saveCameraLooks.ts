import type { Queryable } from '../database.ts';

export interface CameraLook {
  camera: string;
  /** The camera's revision as it was judged; null leaves what it was. */
  revision: number | null;
  /** When to look again, ms since the epoch; null: only when something happens. */
  at: number | null;
}

/** Notes when rules must look at cameras again. */
export async function saveCameraLooks(db: Queryable, looks: CameraLook[]): Promise<void> {
  if (looks.length === 0) return;
  await db.query(
    `UPDATE camera_watch SET next_at = to_timestamp(look.at / 1000), revision = coalesce(look.revision, camera_watch.revision)
     FROM unnest($1::text[], $2::int[], $3::float8[]) AS look(camera, revision, at) WHERE camera_id = look.camera`,
    [looks.map(({ camera }) => camera), looks.map(({ revision }) => revision), looks.map(({ at }) => at)],
  );
}
