import type { StorageState } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Keeps what a media host says of its disk. @param at ms since the epoch */
export async function saveStorage(
  db: Queryable,
  source: string,
  { state, freeBytes, reason }: StorageState,
  at: number,
): Promise<void> {
  await db.query(
    `INSERT INTO recording_storage (source_id, state, free_bytes, reason, since, told_at)
     VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0))
     ON CONFLICT (source_id) DO UPDATE SET state = excluded.state, free_bytes = excluded.free_bytes,
       reason = excluded.reason, told_at = excluded.told_at,
       since = CASE WHEN recording_storage.state = excluded.state THEN recording_storage.since ELSE excluded.since END`,
    [source, state, freeBytes, reason, at],
  );
}
