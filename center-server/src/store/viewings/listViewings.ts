import { regionPrefix, type ViewingEntry } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

interface Row extends Omit<ViewingEntry, 'startedAt' | 'endedAt'> {
  startedAt: Date;
  endedAt: Date | null;
  total: number;
}

interface Filter {
  /** A part of the camera's name, or its whole id. */
  camera?: string | undefined;
  user?: string | undefined;
  /** Viewings that were going on between these, ms since the epoch. */
  since?: number | undefined;
  until?: number | undefined;
  before?: number | undefined;
  limit: number;
}

/** Viewings of cameras of a region and everything below it, the latest first. */
export async function listViewings(
  db: Queryable,
  region: string,
  { camera, user, since, until, before, limit }: Filter,
): Promise<{ viewings: ViewingEntry[]; total: number }> {
  const found = await db.query<Row>(
    `WITH visible AS (
       SELECT seq, id, camera_id AS camera, camera_name AS "cameraName", region, username AS "user", quality,
         carried_by AS "carriedBy", started_at AS "startedAt", ended_at AS "endedAt"
       FROM viewing
       WHERE starts_with(region, $1)
         AND ($2::text IS NULL OR camera_id = $2 OR strpos(camera_name, $2) > 0)
         AND ($3::text IS NULL OR username = $3)
         AND ($4::float8 IS NULL OR ended_at IS NULL OR ended_at >= to_timestamp($4 / 1000.0))
         AND ($5::float8 IS NULL OR started_at < to_timestamp($5 / 1000.0))
     )
     SELECT *, (SELECT count(*) FROM visible) AS total FROM visible
     WHERE $6::bigint IS NULL OR seq < $6 ORDER BY seq DESC LIMIT $7`,
    [regionPrefix(region), camera, user, since, until, before, limit],
  );
  const viewings = found.rows.map(({ total: _total, startedAt, endedAt, ...viewing }) => ({
    ...viewing,
    startedAt: startedAt.getTime(),
    endedAt: endedAt?.getTime() ?? null,
  }));
  return { viewings, total: found.rows[0]?.total ?? 0 };
}
