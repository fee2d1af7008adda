import type { Client } from '../database.ts';

/** From now on these are not changed any more. @param line of the audit log, that seals them */
export async function markSealed(client: Client, ids: readonly string[], line: number): Promise<void> {
  await client.query('UPDATE viewing SET sealed_by = $2 WHERE id = ANY($1::uuid[])', [ids, line]);
}
