import { regionPrefix, type SegmentNews } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Strikes segments out that a media host has deleted. Those of cameras outside the region are left. */
export async function deleteSegments(
  db: Queryable,
  region: string,
  segments: SegmentNews['removed'],
): Promise<void> {
  if (segments.length === 0) return;
  await db.query(
    `DELETE FROM recording_segment USING jsonb_to_recordset($2::jsonb) AS s(camera text, "startedAt" float8)
     WHERE camera_id = s.camera AND started_at = to_timestamp(s."startedAt" / 1000.0)
       AND NOT EXISTS (SELECT 1 FROM camera WHERE camera.id = s.camera AND NOT starts_with(camera.region, $1))`,
    [regionPrefix(region), JSON.stringify(segments)],
  );
}
