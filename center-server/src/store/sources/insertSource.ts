import type { NewSource } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** @returns false when the id is taken */
export async function insertSource(db: Queryable, source: NewSource, tokenHash: Buffer): Promise<boolean> {
  const made = await db.query(
    `INSERT INTO source (id, name, kind, region, token_hash, expect_every_seconds) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO NOTHING`,
    [source.id, source.name, source.kind, source.region, tokenHash, source.expectEverySeconds],
  );
  return made.rowCount === 1;
}
