import { REMOVED, SEALED, type Seal } from '../../viewings/seal.ts';
import type { Queryable } from '../database.ts';

export interface SealLine {
  seq: number;
  seal: Seal;
}

/** The next lines of the audit log after one that seal viewings, in order. */
export async function readSeals(db: Queryable, after: number, limit: number): Promise<SealLine[]> {
  const found = await db.query<SealLine>(
    'SELECT seq, detail AS seal FROM audit_log WHERE action = $1 AND seq > $2 ORDER BY seq LIMIT $3',
    [SEALED, after, limit],
  );
  return found.rows;
}

/** Until when viewings were removed because their time was over, ms since the epoch; before everything when none were. */
export async function removedBefore(db: Queryable): Promise<number> {
  const found = await db.query<{ before: number | null }>(
    `SELECT max((detail->>'before')::float8) AS before FROM audit_log WHERE action = $1`,
    [REMOVED],
  );
  return found.rows[0]?.before ?? -Infinity;
}
