import type { Queryable } from '../database.ts';

/** Where a screen stands and which picture it showed last. */
export async function getScreen(
  db: Queryable,
  id: string,
): Promise<{ region: string; sha256: string | null } | undefined> {
  const found = await db.query<{ region: string; sha256: string | null }>(
    `SELECT s.region, t.sha256 FROM screen s LEFT JOIN screen_state t ON t.screen_id = s.id WHERE s.id = $1`,
    [id],
  );
  return found.rows[0];
}
