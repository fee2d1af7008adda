import type { Queryable } from '../database.ts';

export interface ScreenStateRow {
  screen: string;
  region: string;
  /** Null when the screen still shows the picture before. */
  sha256: string | null;
  mediaType: string | null;
  masked: boolean;
  at: number;
  unchangedSince: number | null;
}

/**
 * Keeps what each screen showed last; what was seen earlier than what is held is passed over.
 * @returns the ids of the screens that changed
 */
export async function saveScreenStates(db: Queryable, rows: ScreenStateRow[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const saved = await db.query<{ screen_id: string }>(
    `INSERT INTO screen_state AS held (screen_id, sha256, media_type, masked, seen_at, unchanged_since)
     SELECT DISTINCT ON (screen.id) screen.id, e.sha256, e.media_type, e.masked, to_timestamp(e.at / 1000),
            to_timestamp(e.since / 1000)
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::float8[], $7::float8[])
       AS e(screen, region, sha256, media_type, masked, at, since)
     JOIN screen ON screen.id = e.screen AND screen.region = e.region
     ORDER BY screen.id, e.at DESC
     ON CONFLICT (screen_id) DO UPDATE SET sha256 = coalesce(excluded.sha256, held.sha256),
       media_type = coalesce(excluded.media_type, held.media_type), masked = excluded.masked,
       seen_at = excluded.seen_at, unchanged_since = coalesce(excluded.unchanged_since, held.unchanged_since)
       WHERE held.seen_at <= excluded.seen_at
     RETURNING screen_id`,
    [
      rows.map((row) => row.screen),
      rows.map((row) => row.region),
      rows.map((row) => row.sha256),
      rows.map((row) => row.mediaType),
      rows.map((row) => row.masked),
      rows.map((row) => row.at),
      rows.map((row) => row.unchangedSince),
    ],
  );
  return saved.rows.map((row) => row.screen_id);
}
