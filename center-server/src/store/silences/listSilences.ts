import type { Silence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { selectSilence } from './columns.ts';

const MOST = 500;

/**
 * The silences that concern a scope, its own and those of the regions above it, which quiet it too: those that
 * hold by when they expire, or all, newest first. They count the alerts of the scope only.
 * @param prefix of the scope's regions
 */
export async function listSilences(db: Queryable, prefix: string, ended: boolean): Promise<Silence[]> {
  const found = await db.query<Silence>(
    `${selectSilence('starts_with(alert.region, $1)')} WHERE (starts_with(silence.region, $1) OR starts_with($1, silence.prefix)) AND ($2 OR silence.ended_at IS NULL)
     ORDER BY CASE WHEN $2 THEN NULL ELSE silence.expires_at END, silence.id DESC LIMIT ${MOST}`,
    [prefix, ended],
  );
  return found.rows;
}
