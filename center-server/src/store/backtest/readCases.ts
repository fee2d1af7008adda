import type { StoredObservation } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { OBSERVATION_COLUMNS } from '../observations/readObservations.ts';
import { readIssued, type Issued } from './readIssued.ts';
import { CASES_IN_SCOPE, scopeValues, type BacktestScope } from './scope.ts';

/** Rows that are fetched at once. */
const FETCH = 10_000;

type Row = StoredObservation & { caseId: string };

/** Some whole cases: their events, and what was issued of them. */
export interface Portion {
  events: Map<string, StoredObservation[]>;
  issued: Map<string, Issued[]>;
}

async function portionOf(db: Queryable, rows: Row[]): Promise<Portion> {
  const events = Map.groupBy(rows, (row) => row.caseId);
  const issued = await readIssued(db, [...events.keys()]);
  return { events, issued: Map.groupBy(issued, ({ caseId }) => caseId) };
}

/**
 * Reads the cases of a backtest whole, some thousands of events at a time: through a cursor ordered by case, so
 * that neither side ever holds more than one portion. Only what the live pipeline has judged as well is read. The
 * server works on the next portion while the caller works on this one: the caller must not use `db` meanwhile.
 * @param db a client inside a transaction
 */
export async function* readCases(db: Queryable, scope: BacktestScope): AsyncGenerator<Portion> {
  // The whole is wanted, so the plan that is soonest through is the best, not the one that begins soonest.
  await db.query('SET LOCAL cursor_tuple_fraction = 1');
  await db.query(
    `DECLARE backtest NO SCROLL CURSOR FOR
     SELECT case_id AS "caseId", ${OBSERVATION_COLUMNS} FROM observation
     WHERE case_id IN (${CASES_IN_SCOPE}) AND seq <= (SELECT seq FROM pipeline_cursor WHERE name = 'rules')
     ORDER BY case_id`,
    scopeValues(scope),
  );
  const fetch = async (): Promise<Row[]> =>
    (await db.query<Row>(`FETCH FORWARD ${FETCH} FROM backtest`)).rows;
  let open: Row[] = [];
  for (let rows = await fetch(); rows.length > 0;) {
    const last = rows.at(-1)?.caseId;
    // The last case may go on in the next portion.
    const cut = rows.findIndex(({ caseId }) => caseId === last);
    const whole = open.at(-1)?.caseId === last ? [] : [...open, ...rows.slice(0, cut)];
    open = whole.length > 0 ? rows.slice(cut) : [...open, ...rows];
    const portion = await portionOf(db, whole);
    const next = fetch();
    try {
      yield portion;
    } finally {
      // A caller that goes away must not leave an answer on its way unheard.
      rows = await next;
    }
  }
  yield await portionOf(db, open);
}
