import {
  parseInstant,
  rulesetSchema,
  type BacktestRequest,
  type Millis,
  type Ruleset,
} from '@mingjing/contracts';
import { compileRuleset } from '@mingjing/rules';
import { ProblemError } from '../http/problems.ts';

/** A backtest that was checked and can run. All instants are ms since the epoch. */
export interface BacktestJob {
  ruleset: Ruleset;
  region: string;
  from: Millis;
  to: Millis;
  /** As of when it is judged what stands. */
  asOf: Millis;
}

function wrong(field: string, message: string): ProblemError {
  return new ProblemError('invalid', `${field}: ${message}`, { errors: [{ field, message }] });
}

/**
 * Checks a request whose shape is right.
 * @param region where it runs; the caller may see it
 * @throws ProblemError invalid, naming the field: the ruleset's own faults, a time that ends before it begins
 */
export function jobOf(request: BacktestRequest, region: string, now: Millis): BacktestJob {
  const [from, to] = [parseInstant(request.from), parseInstant(request.to)];
  if (to <= from) throw wrong('to', `"${request.to}": expected a time after from, ${request.from}`);
  // No card keeps the number: a backtest publishes nothing.
  const ruleset = rulesetSchema.parse({ ...request.body, version: 1 });
  try {
    compileRuleset(ruleset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw wrong('body', error.message);
  }
  return { ruleset, region, from, to, asOf: now };
}
