import type { CasePage, CaseQuery, CaseSummary } from '@mingjing/contracts';
import type { CaseState } from '@mingjing/rules';
import type { Viewer } from '../auth/viewer.ts';
import type { Directory } from '../directory.ts';
import { ProblemError } from '../http/problems.ts';
import type { Rules } from '../rulebook.ts';
import type { Queryable } from '../store/database.ts';
import { clockNow } from './clockNow.ts';
import { containing, scopePattern } from './scope.ts';

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;

/** A case as lists show it. $1 is always now, in ms since the epoch. */
export const CASE_SUMMARY = `
  SELECT case_state.case_id AS "caseId", case_no AS "caseNo", case_state.region, region.name AS "regionName",
    coalesce(department.name, case_state.department) AS department,
    coalesce(department.name_en, case_state.department) AS "departmentEn",
    case_state.matter, matter.name AS "matterName", matter.name_en AS "matterNameEn",
    case_state.title, status, stage, coalesce(officer.name, case_state.officer) AS officer,
    coalesce(hall.name, case_state.hall) AS hall, coalesce(counter.name, case_state.counter) AS counter,
    ${ms('submitted_at', 'submittedAt')}, ${ms('accepted_at', 'acceptedAt')}, ${ms('case_state.ended_at', 'endedAt')},
    ${ms('clock.due_at', 'dueAt')}, clock.due_date AS "dueDate", coalesce(clock.provisional, false) AS provisional,
    coalesce(coalesce(case_state.ended_at, to_timestamp($1 / 1000.0)) > clock.due_at, false) AS overdue,
    clock.projection AS clock, case_state.state,
    (SELECT rung FROM card WHERE card.case_id = case_state.case_id AND rescinded_at IS NULL
     ORDER BY array_position(ARRAY['red', 'yellow', 'notice'], rung) LIMIT 1) AS card,
    ${ms('updated_at', 'updatedAt')}, updated_seq AS "updatedSeq"
  FROM case_state
  LEFT JOIN case_clock AS clock USING (case_id)
  LEFT JOIN region ON region.code = case_state.region
  LEFT JOIN department ON department.id = case_state.department
  LEFT JOIN matter ON matter.id = case_state.matter
  LEFT JOIN officer ON officer.id = case_state.officer
  LEFT JOIN hall ON hall.id = case_state.hall
  LEFT JOIN counter ON counter.id = case_state.counter`;

/** The clock in it is as it was stored. */
export type CaseSummaryRow = CaseSummary & { updatedSeq: number; state: CaseState };

/** Every filter is one condition that a null switches off. */
const FILTER = `
  case_state.region LIKE $2
  AND ($3::text[] IS NULL OR status = ANY($3))
  AND ($4::boolean IS NULL OR (case_state.ended_at IS NULL) = $4)
  AND ($5::boolean IS NULL
       OR coalesce(coalesce(case_state.ended_at, to_timestamp($1 / 1000.0)) > clock.due_at, false) = $5)
  AND ($6::text IS NULL OR case_state.department = $6)
  AND ($7::text IS NULL OR case_state.matter = $7)
  AND ($8::text IS NULL OR case_no LIKE $8 OR case_state.title LIKE $8 OR matter.name LIKE $8
       OR matter.name_en ILIKE $8)
  AND ($9::timestamptz IS NULL OR CASE $11 WHEN 'ended' THEN case_state.ended_at ELSE accepted_at END >= $9)
  AND ($10::timestamptz IS NULL OR CASE $11 WHEN 'ended' THEN case_state.ended_at ELSE accepted_at END < $10)`;

const flag = (value: 'true' | 'false' | undefined) => (value === undefined ? null : value === 'true');

function cursorOf(after: string | undefined): number | null {
  if (after === undefined) return null;
  const seq = Number(after);
  if (!Number.isSafeInteger(seq))
    throw new ProblemError('invalid', `after: "${after}" is not a place in this list`);
  return seq;
}

export interface CaseListDeps {
  directory: Directory;
  rules: Rules;
  /** ms since the epoch */
  now: () => number;
}

/** The cases a viewer may see, the one that moved last first, a page at a time. */
export async function listCases(
  db: Queryable,
  viewer: Viewer,
  query: CaseQuery,
  deps: CaseListDeps,
): Promise<CasePage> {
  const now = deps.now();
  const filter = [
    now,
    scopePattern(viewer, query.region),
    query.status ?? null,
    flag(query.open),
    flag(query.overdue),
    query.department ?? null,
    query.matter ?? null,
    query.text === undefined ? null : containing(query.text),
    query.since ?? null,
    query.until ?? null,
    query.moment ?? 'accepted',
  ];
  const [page, count] = await Promise.all([
    db.query<CaseSummaryRow>(
      `${CASE_SUMMARY} WHERE ${FILTER} AND ($12::bigint IS NULL OR updated_seq < $12) ORDER BY updated_seq DESC LIMIT $13`,
      [...filter, cursorOf(query.after), query.limit + 1],
    ),
    db.query<{ total: number }>(
      `SELECT count(*) AS total FROM case_state LEFT JOIN case_clock AS clock USING (case_id)
       LEFT JOIN matter ON matter.id = case_state.matter WHERE ${FILTER}`,
      filter,
    ),
  ]);
  const rows = page.rows.slice(0, query.limit);
  const more = page.rows.length > query.limit;
  return {
    cases: rows.map(({ updatedSeq: _, state, ...summary }) => ({
      ...summary,
      clock: clockNow(deps, state, summary.clock, now),
    })),
    next: more ? String(rows.at(-1)?.updatedSeq) : null,
    total: count.rows[0]?.total ?? 0,
  };
}
