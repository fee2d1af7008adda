import type { Client } from '../database.ts';
import type { CameraRow } from './cameraRow.ts';
import { json } from './insertCamera.ts';

/** Stores a camera that was read with lockCamera and changed; its revision grows. */
export async function updateCamera(client: Client, camera: CameraRow): Promise<void> {
  const { id, name, region, hall, counter, source, sub, onvif, recording, credentials, disabledAt } = camera;
  await client.query(
    `UPDATE camera SET name = $2, region = $3, hall = $4, counter = $5, source = $6, sub = $7, onvif = $8,
       recording = $9, credentials = $10, disabled_at = to_timestamp($11::float8 / 1000), changed_at = now(),
       revision = revision + 1
     WHERE id = $1`,
    [
      ...[id, name, region, hall, counter, json(source), json(sub), onvif, json(recording), credentials],
      disabledAt,
    ],
  );
}

/** Removes a camera and what its stream was last seen doing. What was recorded of it stays for its time. */
export async function deleteCamera(client: Client, id: string): Promise<void> {
  await client.query('DELETE FROM camera WHERE id = $1', [id]);
}
