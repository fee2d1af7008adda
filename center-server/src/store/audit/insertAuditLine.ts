import type { AuditLine } from '../../audit/canonical.ts';
import type { Queryable } from '../database.ts';

export async function insertAuditLine(
  db: Queryable,
  line: AuditLine,
  previousHash: Buffer,
  hash: Buffer,
): Promise<void> {
  await db.query(
    `INSERT INTO audit_log (seq, at, actor, region, action, object, detail, prev_hash, hash)
     VALUES ($1, to_timestamp($2 / 1000.0), $3, $4, $5, $6, $7, $8, $9)`,
    [
      line.seq,
      line.at,
      line.actor,
      line.region,
      line.action,
      line.object,
      JSON.stringify(line.detail),
      previousHash,
      hash,
    ],
  );
}
