import type { OverdueReport } from '@mingjing/contracts';
import type { Queryable } from '../store/database.ts';

/**
 * How many cases of one source are overdue at an instant: a closed case if it ended after its last
 * instant in time, an open one if `asOf` lies after it. A case without a clock is counted, never overdue.
 * @param asOf ms since the epoch
 */
export async function overdueReport(
  db: Queryable,
  { sourceId, asOf }: { sourceId: string; asOf: number },
): Promise<OverdueReport> {
  const pending = await db.query<{ pending: number }>(
    `SELECT coalesce(max(last_seq), 0) - coalesce((SELECT min(seq) FROM pipeline_cursor), 0) AS pending FROM inbox_commit`,
  );
  const [cases, events] = await Promise.all([
    db.query<{ closed: boolean; total: number; overdue: number }>(
      `SELECT case_state.ended_at IS NOT NULL AS closed, count(*) AS total,
              count(*) FILTER (WHERE coalesce(case_state.ended_at, to_timestamp($2 / 1000.0)) > clock.due_at) AS overdue
       FROM case_state LEFT JOIN case_clock AS clock USING (case_id) WHERE case_state.source = $1 GROUP BY 1`,
      [sourceId, asOf],
    ),
    db.query<{ events: number }>(
      `SELECT count(*) AS events FROM observation WHERE case_id IS NOT NULL AND (source = $1 OR starts_with(source, $1 || ':'))`,
      [sourceId],
    ),
  ]);
  const counts = (closed: boolean) => {
    const row = cases.rows.find((group) => group.closed === closed);
    return { total: row?.total ?? 0, overdue: row?.overdue ?? 0 };
  };
  const closed = counts(true);
  const open = counts(false);
  return {
    cases: closed.total + open.total,
    events: events.rows[0]?.events ?? 0,
    closed,
    open,
    pending: pending.rows[0]?.pending ?? 0,
  };
}
