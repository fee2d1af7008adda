import { regionPrefix, type Millis } from '@mingjing/contracts';

/** Which cases a backtest runs: those of a region that may have been given a card between two instants. */
export interface BacktestScope {
  region: string;
  /** ms since the epoch */
  from: Millis;
  to: Millis;
}

/**
 * The ids of the cases: begun before the end of the time, and not over with all their clocks before its beginning.
 * Parameters as `scopeValues` gives them.
 */
export const CASES_IN_SCOPE = `
  SELECT case_id FROM case_state
  WHERE starts_with(region, $1)
    AND coalesce(least(submitted_at, accepted_at), '-infinity') < to_timestamp($3 / 1000.0)
    AND (ended_at IS NULL OR updated_at >= to_timestamp($2 / 1000.0)
         OR EXISTS (SELECT FROM clock WHERE clock.case_id = case_state.case_id AND clock.ended_at IS NULL))`;

export function scopeValues({ region, from, to }: BacktestScope): (string | number)[] {
  return [regionPrefix(region), from, to];
}
