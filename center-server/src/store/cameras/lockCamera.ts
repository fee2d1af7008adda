import type { Client, Queryable } from '../database.ts';
import { CAMERA_COLUMNS, type CameraRow } from './cameraRow.ts';

export async function findCamera(db: Queryable, id: string): Promise<CameraRow | undefined> {
  const found = await db.query<CameraRow>(`SELECT ${CAMERA_COLUMNS} FROM camera WHERE id = $1`, [id]);
  return found.rows[0];
}

/** A camera that nobody else changes until the transaction ends. */
export async function lockCamera(client: Client, id: string): Promise<CameraRow | undefined> {
  const found = await client.query<CameraRow>(
    `SELECT ${CAMERA_COLUMNS} FROM camera WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return found.rows[0];
}
