import type { Queryable } from '../database.ts';

/** Where a hall and a counter stand; null for one that there is not. */
export async function findPlace(
  db: Queryable,
  hall: string | null,
  counter: string | null,
): Promise<{ hallRegion: string | null; counterHall: string | null; counterRegion: string | null }> {
  const found = await db.query<{
    hall_region: string | null;
    counter_hall: string | null;
    counter_region: string | null;
  }>(
    `SELECT (SELECT region FROM hall WHERE id = $1) AS hall_region,
            (SELECT hall FROM counter WHERE id = $2) AS counter_hall,
            (SELECT h.region FROM counter c JOIN hall h ON h.id = c.hall WHERE c.id = $2) AS counter_region`,
    [hall, counter],
  );
  const row = found.rows[0];
  return {
    hallRegion: row?.hall_region ?? null,
    counterHall: row?.counter_hall ?? null,
    counterRegion: row?.counter_region ?? null,
  };
}
