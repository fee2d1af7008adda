import type { Queryable } from '../database.ts';

/**
 * Which of some looks at screens were allowed to be unmasked. Times in ms since the epoch.
 * @returns their positions in the list
 */
export async function grantedAt(
  db: Queryable,
  looks: readonly { screen: string; region: string; at: number }[],
): Promise<Set<number>> {
  const found = await db.query<{ position: number }>(
    `SELECT (look.position - 1)::int AS position
     FROM unnest($1::text[], $2::text[], $3::float8[]) WITH ORDINALITY AS look(screen, region, at, position)
     WHERE EXISTS (SELECT 1 FROM unmasking WHERE screen_id = look.screen AND unmasking.region = look.region
       AND from_at <= to_timestamp(look.at / 1000) AND to_timestamp(look.at / 1000) < coalesce(ended_at, until_at))`,
    [looks.map(({ screen }) => screen), looks.map(({ region }) => region), looks.map(({ at }) => at)],
  );
  return new Set(found.rows.map(({ position }) => position));
}
