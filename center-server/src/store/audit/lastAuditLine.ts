import type { Queryable } from '../database.ts';

export async function lastAuditLine(db: Queryable): Promise<{ seq: number; hash: Buffer } | undefined> {
  const found = await db.query<{ seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1',
  );
  return found.rows[0];
}
