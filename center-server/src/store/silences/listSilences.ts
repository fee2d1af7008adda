import type { Silence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { SELECT_SILENCE } from './columns.ts';

const MOST = 500;

/** The silences of regions like a pattern: those that hold by when they expire, or all, newest first. */
export async function listSilences(db: Queryable, pattern: string, ended: boolean): Promise<Silence[]> {
  const found = await db.query<Silence>(
    `${SELECT_SILENCE} WHERE silence.region LIKE $1 AND ($2 OR silence.ended_at IS NULL)
     ORDER BY CASE WHEN $2 THEN NULL ELSE silence.expires_at END, silence.id DESC LIMIT ${MOST}`,
    [pattern, ended],
  );
  return found.rows;
}
