import type { Client } from '../database.ts';

/** Lets rules look at all cameras anew: what they are judged by has changed. @param now ms since the epoch */
export async function askCameras(client: Client, now: number): Promise<void> {
  await client.query('UPDATE camera_watch SET next_at = to_timestamp($1 / 1000.0)', [now]);
}
