import { regionPrefix, type Segment } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Enters segments that a media host holds; one that is known is replaced. Those of cameras outside the region are left. */
export async function putSegments(db: Queryable, region: string, segments: Segment[]): Promise<void> {
  if (segments.length === 0) return;
  await db.query(
    `INSERT INTO recording_segment (camera_id, started_at, ended_at, bytes, mime_type, width, height, media_time)
     SELECT DISTINCT ON (s.camera, s."startedAt") s.camera, to_timestamp(s."startedAt" / 1000.0),
       to_timestamp(s."endedAt" / 1000.0), s.bytes, s."mimeType", s.width, s.height, s."mediaTime"
     FROM jsonb_to_recordset($2::jsonb) AS s(camera text, "startedAt" float8, "endedAt" float8, bytes bigint,
       "mimeType" text, width integer, height integer, "mediaTime" float8)
     JOIN camera ON camera.id = s.camera AND starts_with(camera.region, $1)
     ON CONFLICT (camera_id, started_at) DO UPDATE SET ended_at = excluded.ended_at, bytes = excluded.bytes,
       mime_type = excluded.mime_type, width = excluded.width, height = excluded.height,
       media_time = excluded.media_time`,
    [regionPrefix(region), JSON.stringify(segments)],
  );
}
