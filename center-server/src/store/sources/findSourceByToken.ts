import type { Queryable } from '../database.ts';

/** A source that may speak to the centre. */
export interface KnownSource {
  id: string;
  kind: string;
  region: string;
  /** The one screen of which it may speak; null for every source that is not a screen's agent. */
  screen: string | null;
}

/** The source whose token has this SHA-256; undefined when there is none or it is disabled. */
export async function findSourceByToken(db: Queryable, tokenHash: Buffer): Promise<KnownSource | undefined> {
  const found = await db.query<KnownSource>({
    name: 'find-source-by-token',
    text: 'SELECT id, kind, region, screen_id AS screen FROM source WHERE token_hash = $1 AND disabled_at IS NULL',
    values: [tokenHash],
  });
  return found.rows[0];
}
