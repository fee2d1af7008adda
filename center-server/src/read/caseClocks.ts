import type { CaseClocks } from '@mingjing/contracts';
import { FOLD_VERSION, foldCase, type CaseState } from '@mingjing/rules';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { readCaseEvents } from '../store/observations/readObservations.ts';
import { clocksOf, type CaseDeps } from './caseDetail.ts';

/** Whose case is asked for, by its number or, where several regions have that number, by its id. */
export interface CaseAsked {
  sourceId: string;
  case: string;
  /** ms since the epoch */
  asOf: number;
}

/**
 * The clocks of one case of a source with their arithmetic, as of an instant.
 * @throws ProblemError not-found, also for another source's case; invalid when several have the number
 */
export async function caseClocks(db: Queryable, asked: CaseAsked, deps: CaseDeps): Promise<CaseClocks> {
  const found = await db.query<{ caseId: string; caseNo: string; state: CaseState }>(
    `SELECT case_id AS "caseId", case_no AS "caseNo", state FROM case_state
     WHERE source = $1 AND (case_no = $2 OR case_id = $2) ORDER BY case_id LIMIT 2`,
    [asked.sourceId, asked.case],
  );
  const [row, another] = found.rows;
  if (!row) throw new ProblemError('not-found', `source "${asked.sourceId}" has no case "${asked.case}"`);
  if (another) {
    const message = `several cases have this number: expected one of "${row.caseId}", "${another.caseId}"`;
    throw new ProblemError('invalid', `case: ${message}`, { errors: [{ field: 'case', message }] });
  }
  const { caseId, caseNo, state: held } = row;
  // What an earlier version of the fold has made lacks what this one knows.
  const current = held.foldVersion === FOLD_VERSION;
  const told = current ? [] : ((await readCaseEvents(db, [caseId])).get(caseId) ?? []);
  return { caseId, caseNo, ...clocksOf(deps, foldCase(told) ?? held, asked.asOf) };
}
