import type { Clip } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { SELECT_CLIP } from './columns.ts';

const MOST = 200;

/** The clips of regions like a pattern that nobody has ended, newest first; of one case where it is named. */
export async function listClips(db: Queryable, pattern: string, caseId: string | null): Promise<Clip[]> {
  const found = await db.query<Clip>(
    `${SELECT_CLIP} WHERE region LIKE $1 AND ended_at IS NULL AND ($2::text IS NULL OR case_id = $2)
     ORDER BY made_at DESC LIMIT ${MOST}`,
    [pattern, caseId],
  );
  return found.rows;
}

/** A clip that nobody has ended. */
export async function getClip(db: Queryable, id: string): Promise<Clip | undefined> {
  const found = await db.query<Clip>(`${SELECT_CLIP} WHERE id = $1 AND ended_at IS NULL`, [id]);
  return found.rows[0];
}
