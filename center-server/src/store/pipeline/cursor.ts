import type { Client } from '../database.ts';

/**
 * Reads how far the pipeline has come and holds the row until the transaction ends:
 * a second pipeline on another node waits here instead of doing the same work twice.
 */
export async function lockCursor(client: Client, name: string): Promise<number> {
  await client.query('INSERT INTO pipeline_cursor (name, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING', [name]);
  const found = await client.query<{ seq: number }>(
    'SELECT seq FROM pipeline_cursor WHERE name = $1 FOR UPDATE',
    [name],
  );
  return found.rows[0]?.seq ?? 0;
}

export async function moveCursor(client: Client, name: string, seq: number): Promise<void> {
  await client.query('UPDATE pipeline_cursor SET seq = $2 WHERE name = $1', [name, seq]);
}
