import type { StoredObservation } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { OBSERVATION_COLUMNS } from '../observations/readObservations.ts';

interface Asked {
  camera: string;
  region: string;
  /** Of its pictures only what was observed from then on plays a part, ms since the epoch. */
  picturesFrom: number;
}

/**
 * What was told of some cameras that rules judge by, by camera.
 * @param upTo the number of the last observation that is to be known
 */
export async function readCameraTold(
  db: Queryable,
  asked: Asked[],
  upTo: number,
): Promise<Map<string, StoredObservation[]>> {
  if (asked.length === 0) return new Map();
  // The condition of the index observation_camera, word for word.
  const found = await db.query<StoredObservation & { camera: string }>(
    `SELECT data->>'camera' AS camera, ${OBSERVATION_COLUMNS} FROM observation
     JOIN unnest($1::text[], $2::text[], $3::float8[]) AS asked(asked_camera, place, pictures_from)
       ON asked_camera = data->>'camera' AND place = region
     WHERE (kind = 'stream.state' OR (kind = 'camera.event' AND data->>'topic' IN ('tamper', 'signal-loss')))
       AND seq <= $4 AND (kind <> 'stream.state' OR observed_at >= to_timestamp(pictures_from / 1000))
     ORDER BY observed_at, seq`,
    [
      asked.map(({ camera }) => camera),
      asked.map(({ region }) => region),
      asked.map(({ picturesFrom }) => picturesFrom),
      upTo,
    ],
  );
  return Map.groupBy(found.rows, ({ camera }) => camera);
}
