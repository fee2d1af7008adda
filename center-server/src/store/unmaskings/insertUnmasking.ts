import type { Client } from '../database.ts';

export interface AskedUnmasking {
  screen: string;
  region: string;
  askedBy: string;
  reason: string;
  minutes: number;
  /** ms since the epoch */
  askedAt: number;
}

/** @param starts whether it runs from now on; else it waits for a second person. @returns its number */
export async function insertUnmasking(
  client: Client,
  asked: AskedUnmasking,
  starts: boolean,
): Promise<number> {
  const { screen, region, askedBy, reason, minutes, askedAt } = asked;
  const made = await client.query<{ id: number }>(
    `INSERT INTO unmasking (screen_id, region, asked_by, reason, minutes, asked_at, from_at, until_at)
     VALUES ($1, $2, $3, $4, $5::int, to_timestamp($6::float8 / 1000),
       CASE WHEN $7::boolean THEN to_timestamp($6::float8 / 1000) END,
       CASE WHEN $7::boolean THEN to_timestamp($6::float8 / 1000) + make_interval(mins => $5::int) END)
     RETURNING id::float8 AS id`,
    [screen, region, askedBy, reason, minutes, askedAt, starts],
  );
  const id = made.rows[0]?.id;
  if (id === undefined) throw new Error('the permission was not stored');
  return id;
}
