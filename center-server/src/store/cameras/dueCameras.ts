import type { Queryable } from '../database.ts';

/**
 * The cameras that rules must look at by `at` (ms since the epoch), the longest due first, and those that somebody has
 * changed. A camera of which nobody tells now, or of whose past is being told, waits.
 * @param quiet the sources that are silent or catching up
 * @param hosts what the regions begin with whose media host is silent
 */
export async function dueCameras(
  db: Queryable,
  at: number,
  { quiet, hosts }: { quiet: string[]; hosts: string[] },
  limit: number,
): Promise<string[]> {
  const found = await db.query<{ id: string }>(
    `SELECT camera.id FROM camera_watch AS watch JOIN camera ON camera.id = watch.camera_id
     WHERE watch.revision <> camera.revision
        OR (watch.next_at <= to_timestamp($1 / 1000.0) AND NOT watch.sources && $2
            AND NOT EXISTS (SELECT 1 FROM unnest($3::text[]) AS host(prefix) WHERE starts_with(camera.region, host.prefix)))
     ORDER BY watch.next_at, camera.id LIMIT $4`,
    [at, quiet, hosts, limit],
  );
  return found.rows.map(({ id }) => id);
}
