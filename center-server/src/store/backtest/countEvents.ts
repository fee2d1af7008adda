import type { Queryable } from '../database.ts';
import { CASES_IN_SCOPE, scopeValues, type BacktestScope } from './scope.ts';

/** How many events the cases of a backtest have, about: as their folded states say. */
export async function countEvents(db: Queryable, scope: BacktestScope): Promise<number> {
  const found = await db.query<{ events: number }>(
    `SELECT coalesce(sum((state ->> 'eventCount')::int), 0)::float8 AS events FROM case_state
     WHERE case_id IN (${CASES_IN_SCOPE})`,
    scopeValues(scope),
  );
  return found.rows[0]?.events ?? 0;
}
