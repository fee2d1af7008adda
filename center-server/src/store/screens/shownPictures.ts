import type { Queryable } from '../database.ts';

/** The SHA-256 of every picture that some screen showed last. */
export async function shownPictures(db: Queryable): Promise<Set<string>> {
  const found = await db.query<{ sha256: string }>(
    'SELECT sha256 FROM screen_state WHERE sha256 IS NOT NULL',
  );
  return new Set(found.rows.map(({ sha256 }) => sha256));
}
