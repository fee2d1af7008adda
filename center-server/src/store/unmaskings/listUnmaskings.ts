import type { Queryable } from '../database.ts';
import { SELECT_UNMASKING, type UnmaskingRow } from './columns.ts';

/**
 * Permissions of a subtree, the latest first.
 * @param pattern LIKE pattern of region codes
 */
export async function listUnmaskings(
  db: Queryable,
  { pattern, before, limit }: { pattern: string; before: number | null; limit: number },
): Promise<UnmaskingRow[]> {
  const found = await db.query<UnmaskingRow>(
    `${SELECT_UNMASKING} WHERE unmasking.region LIKE $1 AND ($2::bigint IS NULL OR unmasking.id < $2)
     ORDER BY unmasking.id DESC LIMIT $3`,
    [pattern, before, limit],
  );
  return found.rows;
}

/** The permissions of a screen that run at a time, or still wait for a second person. @param at ms since the epoch */
export async function openUnmaskings(db: Queryable, screen: string, at: number): Promise<UnmaskingRow[]> {
  const found = await db.query<UnmaskingRow>(
    `${SELECT_UNMASKING} WHERE screen_id = $1 AND ended_at IS NULL
     AND coalesce(until_at, asked_at + interval '15 minutes') > to_timestamp($2::float8 / 1000) ORDER BY unmasking.id`,
    [screen, at],
  );
  return found.rows;
}
