import type { Queryable } from '../database.ts';

export interface CameraStateRow {
  camera: string;
  region: string;
  state: string;
  mode: string | null;
  attempt: number | null;
  retryAt: number | null;
  reason: string | null;
  at: number;
}

/**
 * Keeps the newest state of each camera; what was observed earlier than the state held is passed over.
 * A camera that is not registered in that region is passed over too: its observations stay in the store.
 * @returns the ids of the cameras that changed
 */
export async function saveCameraStates(db: Queryable, rows: CameraStateRow[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const saved = await db.query<{ camera_id: string }>(
    `INSERT INTO camera_state AS held (camera_id, state, mode, attempt, retry_at, reason, since)
     SELECT DISTINCT ON (camera.id) camera.id, e.state, e.mode, e.attempt, to_timestamp(e.retry / 1000), e.reason,
            to_timestamp(e.at / 1000)
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::float8[], $7::text[], $8::float8[])
       AS e(camera, region, state, mode, attempt, retry, reason, at)
     JOIN camera ON camera.id = e.camera AND camera.region = e.region
     ORDER BY camera.id, e.at DESC
     ON CONFLICT (camera_id) DO UPDATE SET state = excluded.state, mode = excluded.mode, attempt = excluded.attempt,
       retry_at = excluded.retry_at, reason = excluded.reason, since = excluded.since
       WHERE held.since <= excluded.since
     RETURNING camera_id`,
    [
      rows.map((row) => row.camera),
      rows.map((row) => row.region),
      rows.map((row) => row.state),
      rows.map((row) => row.mode),
      rows.map((row) => row.attempt),
      rows.map((row) => row.retryAt),
      rows.map((row) => row.reason),
      rows.map((row) => row.at),
    ],
  );
  return saved.rows.map((row) => row.camera_id);
}
