import { randomUUID } from 'node:crypto';
import type { NewClip } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Orders a clip. @param at ms since the epoch @returns its id */
export async function insertClip(
  db: Queryable,
  clip: NewClip,
  camera: { name: string; region: string },
  made: { by: string; at: number },
): Promise<string> {
  const id = randomUUID();
  await db.query(
    `INSERT INTO clip (id, camera_id, camera_name, region, from_at, to_at, reason, case_id, made_by, made_at)
     VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0), $7, $8, $9, to_timestamp($10 / 1000.0))`,
    [
      id,
      clip.camera,
      camera.name,
      camera.region,
      clip.from,
      clip.to,
      clip.reason,
      clip.caseId,
      made.by,
      made.at,
    ],
  );
  return id;
}
