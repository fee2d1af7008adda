import { regionPrefix, type RecordingOrder } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** How long ago an alert may have come up that a media host may not have heard of yet. A plan reaches on as far. */
const HEARD_WITHIN = `interval '1 hour'`;
/** Whatever a media host asks for. */
const MOST = 20_000;

/**
 * The times around recent alerts that cameras record by their plan: of the camera that it is about, of the cameras of the alert's counter, and where
 * it names none, or the counter has no camera, of its hall.
 * @param now ms since the epoch
 * @param since when the oldest recording begins of which the media host does not know whether it is wanted
 */
export async function alertOrders(
  db: Queryable,
  region: string,
  now: number,
  since: number,
): Promise<RecordingOrder[]> {
  const found = await db.query<RecordingOrder>(
    `SELECT camera.id AS camera, 'alert' AS why,
       round(extract(epoch FROM alert.raised_at) * 1000 - (camera.recording->>'beforeSeconds')::integer * 1000)::float8 AS "from",
       round(extract(epoch FROM alert.raised_at) * 1000 + (camera.recording->>'afterSeconds')::integer * 1000)::float8 AS "to"
     FROM alert JOIN camera ON camera.hall = alert.hall OR camera.id = alert.camera
     WHERE camera.recording->>'mode' = 'alert' AND camera.disabled_at IS NULL AND starts_with(camera.region, $1)
       AND alert.raised_at > to_timestamp(least($2, $3::float8) / 1000.0) - ${HEARD_WITHIN} AND alert.state <> 'rescinded'
       AND (camera.id = alert.camera OR camera.counter = alert.counter OR alert.counter IS NULL
            OR NOT EXISTS (SELECT 1 FROM camera AS own WHERE own.counter = alert.counter AND own.hall = alert.hall AND own.disabled_at IS NULL))
     ORDER BY alert.raised_at DESC LIMIT ${MOST}`,
    [regionPrefix(region), now, since],
  );
  return found.rows;
}
