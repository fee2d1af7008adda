import type { Client, Queryable } from '../database.ts';
import { SELECT_UNMASKING, type UnmaskingRow } from './columns.ts';

export async function getUnmasking(db: Queryable, id: number): Promise<UnmaskingRow | undefined> {
  const found = await db.query<UnmaskingRow>(`${SELECT_UNMASKING} WHERE unmasking.id = $1`, [id]);
  return found.rows[0];
}

/** A permission that nobody else changes until the transaction ends. */
export async function lockUnmasking(client: Client, id: number): Promise<UnmaskingRow | undefined> {
  const found = await client.query<UnmaskingRow>(
    `${SELECT_UNMASKING} WHERE unmasking.id = $1 FOR UPDATE OF unmasking`,
    [id],
  );
  return found.rows[0];
}
