import type { Queryable } from '../database.ts';

/**
 * Whether a screen showed a picture in a span of time: a picture may be fetched only through the screen
 * that showed it masked, as told by a source of its own region. Give the span: without it every chunk is read. Times in ms since the epoch.
 */
export async function showedPicture(
  db: Queryable,
  screen: { id: string; region: string },
  sha256: string,
  span: { from: number; to: number },
): Promise<boolean> {
  const found = await db.query(
    `SELECT 1 FROM observation
     WHERE observed_at >= to_timestamp($3 / 1000.0) AND observed_at <= to_timestamp($4 / 1000.0)
       AND kind = 'screen.captured' AND region = $5 AND data ->> 'screen' = $1 AND data ->> 'masked' = 'true' AND data -> 'image' ->> 'sha256' = $2 LIMIT 1`,
    [screen.id, sha256, span.from, span.to, screen.region],
  );
  return found.rowCount === 1;
}
