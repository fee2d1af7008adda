import type { CasePage, CaseQuery, CaseSummary } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { containing, scopePattern } from './scope.ts';

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;

/** A case as lists show it. $1 is always now, in ms since the epoch. */
export const CASE_SUMMARY = `
  SELECT case_state.case_id AS "caseId", case_no AS "caseNo", case_state.region, region.name AS "regionName",
    coalesce(department.name, case_state.department) AS department, case_state.matter, matter.name AS "matterName",
    case_state.title, status, stage, coalesce(officer.name, case_state.officer) AS officer,
    coalesce(hall.name, case_state.hall) AS hall, coalesce(counter.name, case_state.counter) AS counter,
    ${ms('submitted_at', 'submittedAt')}, ${ms('accepted_at', 'acceptedAt')}, ${ms('case_state.ended_at', 'endedAt')},
    ${ms('clock.due_at', 'dueAt')}, clock.due_date AS "dueDate", coalesce(clock.provisional, false) AS provisional,
    coalesce(coalesce(case_state.ended_at, to_timestamp($1 / 1000.0)) > clock.due_at, false) AS overdue,
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

export type CaseSummaryRow = CaseSummary & { updatedSeq: number };

/** Every filter is one condition that a null switches off. */
const FILTER = `
  case_state.region LIKE $2
  AND ($3::text[] IS NULL OR status = ANY($3))
  AND ($4::boolean IS NULL OR (case_state.ended_at IS NULL) = $4)
  AND ($5::boolean IS NULL
       OR coalesce(coalesce(case_state.ended_at, to_timestamp($1 / 1000.0)) > clock.due_at, false) = $5)
  AND ($6::text IS NULL OR case_state.department = $6)
  AND ($7::text IS NULL OR case_state.matter = $7)
  AND ($8::text IS NULL OR case_no LIKE $8 OR case_state.title LIKE $8 OR matter.name LIKE $8)`;

const flag = (value: 'true' | 'false' | undefined) => (value === undefined ? null : value === 'true');

function cursorOf(after: string | undefined): number | null {
  if (after === undefined) return null;
  const seq = Number(after);
  if (!Number.isSafeInteger(seq))
    throw new ProblemError('invalid', `after: "${after}" is not a place in this list`);
  return seq;
}

/** The cases a viewer may see, the one that moved last first, a page at a time. @param now ms since the epoch */
export async function listCases(
  db: Queryable,
  viewer: Viewer,
  query: CaseQuery,
  now: number,
): Promise<CasePage> {
  const filter = [
    now,
    scopePattern(viewer, query.region),
    query.status ?? null,
    flag(query.open),
    flag(query.overdue),
    query.department ?? null,
    query.matter ?? null,
    query.text === undefined ? null : containing(query.text),
  ];
  const [page, count] = await Promise.all([
    db.query<CaseSummaryRow>(
      `${CASE_SUMMARY} WHERE ${FILTER} AND ($9::bigint IS NULL OR updated_seq < $9) ORDER BY updated_seq DESC LIMIT $10`,
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
    cases: rows.map(({ updatedSeq: _, ...summary }) => summary),
    next: more ? String(rows.at(-1)?.updatedSeq) : null,
    total: count.rows[0]?.total ?? 0,
  };
}
