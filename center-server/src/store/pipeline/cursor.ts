import type { Client } from '../database.ts';

/** How far a reader of the inbox has come, and which state of the rulebook was told last. */
export interface Cursor {
  seq: number;
  /** Raised with every change of rules, calendars, matters and opening hours. */
  stamp: number;
}

/**
 * Reads how far the pipeline has come and holds the row until the transaction ends:
 * a second pipeline on another node waits here instead of doing the same work twice.
 */
export async function lockCursor(client: Client, name: string): Promise<Cursor> {
  await client.query('INSERT INTO pipeline_cursor (name, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING', [name]);
  const found = await client.query<Cursor>(
    'SELECT seq, stamp FROM pipeline_cursor WHERE name = $1 FOR UPDATE',
    [name],
  );
  return found.rows[0] ?? { seq: 0, stamp: 0 };
}

export async function moveCursor(client: Client, name: string, seq: number): Promise<void> {
  await client.query('UPDATE pipeline_cursor SET seq = $2 WHERE name = $1', [name, seq]);
}

/**
 * Tells every pipeline that what cases are judged by has changed, inside the transaction of the change: a
 * step that began before it ends before it, and every later one reads the rulebook anew.
 */
export async function raiseStamp(client: Client, name: string): Promise<void> {
  await lockCursor(client, name);
  await client.query('UPDATE pipeline_cursor SET stamp = stamp + 1 WHERE name = $1', [name]);
}
