import type { Queryable } from '../database.ts';
import type { KnownSource } from './findSourceByToken.ts';

export async function getSource(
  db: Queryable,
  id: string,
): Promise<(KnownSource & { disabled: boolean }) | undefined> {
  const found = await db.query<KnownSource & { disabled: boolean }>(
    'SELECT id, kind, region, screen_id AS screen, disabled_at IS NOT NULL AS disabled FROM source WHERE id = $1',
    [id],
  );
  return found.rows[0];
}
