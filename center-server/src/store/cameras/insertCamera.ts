import type { Camera } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export const json = (value: unknown): string | null => (value ? JSON.stringify(value) : null);

/**
 * @param sealed its credentials, encrypted
 * @returns false when the id is taken
 */
export async function insertCamera(db: Queryable, camera: Camera, sealed: Buffer | null): Promise<boolean> {
  const made = await db.query(
    `INSERT INTO camera (id, name, region, hall, counter, source, sub, onvif, recording, credentials)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (id) DO NOTHING`,
    [
      ...[camera.id, camera.name, camera.region, camera.hall, camera.counter, JSON.stringify(camera.source)],
      ...[json(camera.sub), camera.onvif ?? null, json(camera.recording), sealed],
    ],
  );
  return made.rowCount === 1;
}
