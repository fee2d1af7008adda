import type { ManagedScreen } from '@mingjing/contracts';
import type { Client, Queryable } from '../database.ts';

const SELECT = `SELECT screen.id, screen.name, screen.region, hall, counter, url, via, every_ms AS "everyMs", zones,
  screen.disabled_at IS NOT NULL AS disabled,
  (SELECT source.id FROM source WHERE source.screen_id = screen.id AND source.disabled_at IS NULL LIMIT 1) AS source
  FROM screen`;

/** All screens of a subtree, the disabled ones too. @param pattern LIKE pattern of region codes */
export async function managedScreens(db: Queryable, pattern: string): Promise<ManagedScreen[]> {
  const found = await db.query<ManagedScreen>(
    `${SELECT} WHERE screen.region LIKE $1 ORDER BY screen.region, screen.id`,
    [pattern],
  );
  return found.rows;
}

export async function managedScreen(db: Queryable, id: string): Promise<ManagedScreen | undefined> {
  const found = await db.query<ManagedScreen>(`${SELECT} WHERE screen.id = $1`, [id]);
  return found.rows[0];
}

/** A screen that nobody else changes until the transaction ends. */
export async function lockScreen(client: Client, id: string): Promise<ManagedScreen | undefined> {
  const found = await client.query<ManagedScreen>(`${SELECT} WHERE screen.id = $1 FOR UPDATE OF screen`, [
    id,
  ]);
  return found.rows[0];
}

/** Stores a screen that was locked and changed. */
export async function updateScreen(client: Client, screen: ManagedScreen): Promise<void> {
  const { id, name, hall, counter, url, via, everyMs, zones, disabled } = screen;
  await client.query(
    `UPDATE screen SET name = $2, hall = $3, counter = $4, url = $5, via = $6, every_ms = $7, zones = $8,
       disabled_at = CASE WHEN $9::boolean THEN coalesce(disabled_at, now()) END WHERE id = $1`,
    [id, name, hall, counter, url, via, everyMs, zones === null ? null : JSON.stringify(zones), disabled],
  );
}

/** Lets a source speak of one screen alone. */
export async function bindSource(client: Client, source: string, screen: string): Promise<void> {
  await client.query('UPDATE source SET screen_id = $2 WHERE id = $1', [source, screen]);
}
