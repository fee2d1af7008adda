import { regionPrefix, type Viewing } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/**
 * Enters what a media host has seen of viewings; a later word on one replaces an earlier one of the same media host.
 * Those of cameras outside its region are left, and so are those that are sealed: they have ended.
 */
export async function putViewings(
  db: Queryable,
  source: { id: string; region: string },
  viewings: readonly Viewing[],
): Promise<void> {
  await db.query(
    `INSERT INTO viewing (id, source_id, camera_id, camera_name, region, username, quality, carried_by, started_at, ended_at)
     SELECT * FROM (
     SELECT DISTINCT ON (v.id) v.id, $1, camera.id, camera.name, camera.region, v."user", v.quality, v."carriedBy",
       to_timestamp(v."startedAt" / 1000.0) AS started_at, to_timestamp(v."endedAt" / 1000.0)
     FROM jsonb_to_recordset($3::jsonb) AS v(id uuid, camera text, "user" text, quality text, "carriedBy" text,
       "startedAt" float8, "endedAt" float8)
     JOIN camera ON camera.id = v.camera AND starts_with(camera.region, $2)
     ORDER BY v.id, v."endedAt" DESC NULLS LAST
     ) AS told ORDER BY started_at
     ON CONFLICT (id) DO UPDATE SET quality = excluded.quality, carried_by = excluded.carried_by,
       ended_at = excluded.ended_at WHERE viewing.source_id = excluded.source_id AND viewing.sealed_by IS NULL`,
    [source.id, regionPrefix(source.region), JSON.stringify(viewings)],
  );
}
