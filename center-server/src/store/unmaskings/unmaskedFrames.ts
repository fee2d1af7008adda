import type { Client, Queryable } from '../database.ts';

export interface UnmaskedFrame {
  screen: string;
  /** ms since the epoch */
  at: number;
  sha256: string;
}

/** Keeps which unmasked pictures there are. Told twice, they are there once. */
export async function insertUnmaskedFrames(client: Client, frames: UnmaskedFrame[]): Promise<void> {
  if (frames.length === 0) return;
  await client.query(
    `INSERT INTO unmasked_frame (screen_id, observed_at, sha256)
     SELECT screen, to_timestamp(at / 1000), sha256 FROM unnest($1::text[], $2::float8[], $3::text[]) AS f(screen, at, sha256)
     WHERE EXISTS (SELECT 1 FROM screen WHERE id = screen) ON CONFLICT DO NOTHING`,
    [frames.map(({ screen }) => screen), frames.map(({ at }) => at), frames.map(({ sha256 }) => sha256)],
  );
}

/** The last unmasked picture of a screen in a span of time; null when there is none. Times in ms since the epoch. */
export async function lastUnmaskedFrame(
  db: Queryable,
  screen: string,
  span: { from: number; to: number },
): Promise<UnmaskedFrame | null> {
  const found = await db.query<UnmaskedFrame>(
    `SELECT screen_id AS screen, (extract(epoch FROM observed_at) * 1000)::float8 AS at, sha256 FROM unmasked_frame
     WHERE screen_id = $1 AND observed_at >= to_timestamp($2::float8 / 1000) AND observed_at < to_timestamp($3::float8 / 1000)
     ORDER BY observed_at DESC LIMIT 1`,
    [screen, span.from, span.to],
  );
  return found.rows[0] ?? null;
}

/** Forgets unmasked pictures taken before a time. @returns the SHA-256 of those whose bytes nothing else needs */
export async function takeOldUnmasked(client: Client, before: number): Promise<string[]> {
  const gone = await client.query<{ sha256: string }>(
    `DELETE FROM unmasked_frame WHERE observed_at < to_timestamp($1::float8 / 1000) RETURNING sha256`,
    [before],
  );
  const hashes = [...new Set(gone.rows.map(({ sha256 }) => sha256))];
  // Where there was nothing to mask, the masked picture has the same bytes.
  const kept = await client.query<{ sha256: string }>(
    `SELECT sha256 FROM unmasked_frame WHERE sha256 = ANY($1)
     UNION SELECT sha256 FROM screen_state WHERE sha256 = ANY($1)
     UNION SELECT data -> 'image' ->> 'sha256' FROM observation WHERE kind = 'screen.captured'
       AND observed_at >= to_timestamp($2::float8 / 1000) - interval '35 days' AND data ->> 'masked' = 'true'
       AND data -> 'image' ->> 'sha256' = ANY($1)`,
    [hashes, before],
  );
  const needed = new Set(kept.rows.map(({ sha256 }) => sha256));
  return hashes.filter((sha256) => !needed.has(sha256));
}
