import type { RecordedExtent } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

const ms = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::float8`;

/**
 * From when to when there are recordings of the cameras of a scope, those recorded last first. Two looks into the index
 * for each camera, however much was recorded.
 * @param scope a LIKE pattern of region codes
 */
export async function listExtents(db: Queryable, scope: string): Promise<RecordedExtent[]> {
  const found = await db.query<RecordedExtent>(
    `SELECT id AS camera, ${ms('oldest.started_at')} AS "from", ${ms('newest.ended_at')} AS "to"
     FROM camera,
       LATERAL (SELECT started_at FROM recording_segment WHERE camera_id = id ORDER BY started_at LIMIT 1) AS oldest,
       LATERAL (SELECT ended_at FROM recording_segment WHERE camera_id = id ORDER BY started_at DESC LIMIT 1) AS newest
     WHERE region LIKE $1
     ORDER BY newest.ended_at DESC, id`,
    [scope],
  );
  return found.rows;
}
