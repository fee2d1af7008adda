import type { Client } from '../database.ts';
import { LOCKS } from '../locks.ts';

export interface Maintained {
  mode: 'none' | 'apache' | 'tsl';
  rolledUp?: number;
  /** Chunks, or rows where there are no chunks. */
  dropped: number;
}

/**
 * Rolls up the last days and drops what is older than it is kept, unless another node is just doing it.
 * @param asOf ms since the epoch
 * @returns undefined when another node holds the lock
 */
export async function maintainObservations(client: Client, asOf: number, keepDays: number) {
  const lock = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
    LOCKS.maintenance,
  ]);
  if (!lock.rows[0]?.held) return undefined;
  const done = await client.query<{ result: Maintained }>(
    // Only hours that are still whole are counted again: one whose beginning was dropped would shrink.
    `SELECT maintain_observations(to_timestamp($1 / 1000.0),
       least(interval '3 days', make_interval(days => $2) - interval '1 hour'), make_interval(days => $2)) AS result`,
    [asOf, keepDays],
  );
  // What every reader has passed is no longer needed; the last line stays, numbers go on from it.
  await client.query(
    `DELETE FROM inbox_commit WHERE last_seq < (SELECT min(seq) FROM pipeline_cursor)
       AND last_seq < (SELECT max(last_seq) FROM inbox_commit)`,
  );
  return done.rows[0]?.result;
}
