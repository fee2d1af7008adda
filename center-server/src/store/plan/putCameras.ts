import type { Camera } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the cameras of a city plan in: new ones are added, known ones changed. */
export async function putCameras(db: Queryable, cameras: Camera[]): Promise<void> {
  await db.query(
    `INSERT INTO camera (id, name, region, hall, counter, source, sub, onvif, recording)
     SELECT id, name, region, hall, counter, source, sub, onvif, recording
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, name text, region text, hall text, counter text, source jsonb,
       sub jsonb, onvif text, recording jsonb)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region, hall = excluded.hall, counter = excluded.counter, source = excluded.source,
       sub = excluded.sub, onvif = excluded.onvif, recording = excluded.recording,
       revision = camera.revision + 1, changed_at = now()
     WHERE (camera.name, camera.region, camera.hall, camera.counter, camera.source, camera.sub, camera.onvif, camera.recording)
       IS DISTINCT FROM (excluded.name, excluded.region, excluded.hall, excluded.counter, excluded.source, excluded.sub,
         excluded.onvif, excluded.recording)`,
    [JSON.stringify(cameras)],
  );
}
