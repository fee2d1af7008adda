import type { CameraSeen } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

interface SavedWatch {
  camera: string;
  seen: CameraSeen;
  sources: string[];
}

/** Keeps what rules know of some cameras. */
export async function saveWatches(db: Queryable, watches: SavedWatch[]): Promise<void> {
  if (watches.length === 0) return;
  await db.query(
    `INSERT INTO camera_watch (camera_id, seen, sources)
     SELECT camera, seen, sources FROM json_to_recordset($1::json) AS told(camera text, seen json, sources text[])
     ON CONFLICT (camera_id) DO UPDATE SET seen = excluded.seen, sources = excluded.sources`,
    [JSON.stringify(watches)],
  );
}
