import type { Segment } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

const ms = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::float8`;
/** No segment is longer: a group of pictures of a camera lasts some seconds. It bounds what the index is asked for. */
const LONGEST = `interval '10 minutes'`;

/** The segments of a camera that touch a span, in order. @param span ms since the epoch */
export async function listSegments(
  db: Queryable,
  camera: string,
  span: { from: number; to: number },
): Promise<Segment[]> {
  const found = await db.query<Segment>(
    `SELECT camera_id AS camera, ${ms('started_at')} AS "startedAt", ${ms('ended_at')} AS "endedAt",
       bytes::float8 AS bytes, mime_type AS "mimeType", width, height, media_time AS "mediaTime"
     FROM recording_segment
     WHERE camera_id = $1 AND started_at < to_timestamp($3 / 1000.0) AND ended_at > to_timestamp($2 / 1000.0)
       AND started_at > to_timestamp($2 / 1000.0) - ${LONGEST}
     ORDER BY started_at`,
    [camera, span.from, span.to],
  );
  return found.rows;
}

/**
 * When cameras were recorded, without the seams between segments.
 * @param span ms since the epoch; spans are cut to it
 * @param seamMs so far apart may two segments be that follow one another
 */
export async function listSpans(
  db: Queryable,
  cameras: string[],
  span: { from: number; to: number },
  seamMs: number,
): Promise<{ camera: string; from: number; to: number }[]> {
  const found = await db.query<{ camera: string; from: number; to: number }>(
    `WITH piece AS (
       SELECT camera_id, greatest(${ms('started_at')}, $2) AS started, least(${ms('ended_at')}, $3) AS ended
       FROM recording_segment
       WHERE camera_id = ANY($1) AND started_at < to_timestamp($3 / 1000.0) AND ended_at > to_timestamp($2 / 1000.0)
         AND started_at > to_timestamp($2 / 1000.0) - ${LONGEST}
     ), seen AS (
       SELECT *, max(ended) OVER (PARTITION BY camera_id ORDER BY started
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM piece
     ), numbered AS (
       SELECT *, count(*) FILTER (WHERE before IS NULL OR started - before > $4)
                   OVER (PARTITION BY camera_id ORDER BY started) AS number FROM seen
     )
     SELECT camera_id AS camera, min(started) AS "from", max(ended) AS "to"
     FROM numbered GROUP BY camera_id, number ORDER BY camera_id, min(started)`,
    [cameras, span.from, span.to, seamMs],
  );
  return found.rows;
}
