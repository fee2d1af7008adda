import type { CameraInput } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** A camera with all that rules are told of it from the store. */
export interface JudgedCamera extends Required<Pick<CameraInput, 'seen' | 'standing' | 'closed'>> {
  camera: CameraInput['camera'];
  region: string;
  revision: number;
  sources: string[];
}

/** Cameras by id, as rules see them; without those of which nothing was told. */
export async function judgedCameras(db: Queryable, ids: string[]): Promise<JudgedCamera[]> {
  const found = await db.query<JudgedCamera>(
    `SELECT json_build_object('id', camera.id, 'name', camera.name, 'hall', camera.hall, 'counter', camera.counter,
              'disabled', camera.disabled_at IS NOT NULL, 'recording', camera.recording->>'mode') AS camera,
            camera.region, camera.revision, watch.seen, watch.sources,
            -- Closed ones too: what a person closed is not raised again before it was over. A closed silence may be.
            ARRAY(SELECT fingerprint FROM alert WHERE alert.camera = watch.camera_id AND state <> 'rescinded'
                  AND (kind <> 'silent' OR state <> 'closed') ORDER BY id) AS standing,
            (SELECT coalesce(json_agg(json_build_object('fingerprint', fingerprint,
                      'at', floor(extract(epoch FROM at) * 1000)::float8)), '[]')
             FROM (SELECT id, fingerprint, at FROM alert WHERE alert.camera = watch.camera_id AND kind = 'silent'
                   AND state = 'closed' ORDER BY id DESC LIMIT 1) AS latest
             WHERE (SELECT user_id FROM alert_history WHERE alert_id = latest.id AND action = 'closed'
                    ORDER BY alert_history.id DESC LIMIT 1) IS NOT NULL) AS closed
     FROM camera_watch AS watch JOIN camera ON camera.id = watch.camera_id WHERE camera.id = ANY($1) ORDER BY camera.id`,
    [ids],
  );
  return found.rows;
}
