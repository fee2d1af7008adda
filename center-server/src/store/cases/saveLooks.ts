import type { Queryable } from '../database.ts';

export interface SavedLook {
  caseId: string;
  /** ms since the epoch */
  at: number;
}

/**
 * Notes when cases without a clock must be looked at again.
 * @param judged cases that were judged just now: a look that they had is over
 */
export async function saveLooks(db: Queryable, judged: string[], looks: SavedLook[]): Promise<void> {
  if (judged.length > 0) await db.query('DELETE FROM case_look WHERE case_id = ANY($1)', [judged]);
  if (looks.length === 0) return;
  await db.query(
    `INSERT INTO case_look (case_id, next_at)
     SELECT case_id, to_timestamp(at / 1000) FROM unnest($1::text[], $2::float8[]) AS e(case_id, at)
     ON CONFLICT (case_id) DO UPDATE SET next_at = excluded.next_at`,
    [looks.map(({ caseId }) => caseId), looks.map(({ at }) => at)],
  );
}
