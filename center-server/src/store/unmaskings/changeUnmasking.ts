import type { Client } from '../database.ts';

/** A second person agrees: it runs from now on. @param at ms since the epoch */
export async function approveUnmasking(client: Client, id: number, by: string, at: number): Promise<void> {
  await client.query(
    `UPDATE unmasking SET approved_by = $2, from_at = to_timestamp($3::float8 / 1000),
       until_at = to_timestamp($3::float8 / 1000) + make_interval(mins => minutes) WHERE id = $1`,
    [id, by, at],
  );
}

/** @param at ms since the epoch */
export async function endUnmasking(client: Client, id: number, by: string, at: number): Promise<void> {
  await client.query(
    `UPDATE unmasking SET ended_by = $2, ended_at = to_timestamp($3::float8 / 1000) WHERE id = $1`,
    [id, by, at],
  );
}
