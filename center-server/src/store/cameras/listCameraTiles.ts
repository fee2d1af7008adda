import { regionPrefix, type CameraTile, type StreamState } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

interface Row {
  id: string;
  name: string;
  region: string;
  region_name: string;
  hall: string | null;
  counter: string | null;
  state: StreamState | null;
  mode: 'copy' | 'transcode' | null;
  since: Date | null;
  attempt: number | null;
  retry_at: Date | null;
  reason: string | null;
}

/** Cameras of a region and everything below it, with what each stream was last seen doing. */
export async function listCameraTiles(db: Queryable, region: string): Promise<CameraTile[]> {
  const found = await db.query<Row>(
    `SELECT c.id, c.name, c.region, r.name AS region_name, c.hall, c.counter,
            t.state, t.mode, t.since, t.attempt, t.retry_at, t.reason
     FROM camera c JOIN region r ON r.code = c.region LEFT JOIN camera_state t ON t.camera_id = c.id
     WHERE c.disabled_at IS NULL AND starts_with(c.region, $1) ORDER BY c.region, c.id`,
    [regionPrefix(region)],
  );
  return found.rows.map((row) => ({
    id: row.id,
    name: row.name,
    region: row.region,
    regionName: row.region_name,
    hall: row.hall,
    counter: row.counter,
    state: row.state ?? 'idle',
    mode: row.mode,
    since: row.since?.getTime() ?? null,
    attempt: row.attempt,
    retryAt: row.retry_at?.getTime() ?? null,
    reason: row.reason,
  }));
}
