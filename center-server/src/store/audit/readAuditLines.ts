import type { AuditLine } from '../../audit/canonical.ts';
import type { Queryable } from '../database.ts';

interface Row extends Omit<AuditLine, 'at'> {
  at: Date;
  prev_hash: Buffer;
  hash: Buffer;
}

export interface ChainedLine {
  line: AuditLine;
  previousHash: Buffer;
  hash: Buffer;
}

/** The next lines after one, in order. */
export async function readAuditLines(db: Queryable, after: number, limit: number): Promise<ChainedLine[]> {
  const found = await db.query<Row>('SELECT * FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2', [
    after,
    limit,
  ]);
  return found.rows.map(({ prev_hash: previousHash, hash, at, ...line }) => ({
    line: { ...line, at: at.getTime() },
    previousHash,
    hash,
  }));
}
