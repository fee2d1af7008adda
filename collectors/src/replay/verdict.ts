import type { OverdueReport } from '@mingjing/contracts';
import { z } from 'zod';
import { isAborted, pause, type Centre } from '../outbox/index.ts';

const groupSchema = z.object({ total: z.int(), overdue: z.int() });
const reportSchema = z.object({
  cases: z.int(),
  events: z.int(),
  closed: groupSchema,
  open: groupSchema,
  pending: z.int(),
});

const LOOK_MS = 100;
/** When nothing moves for this long, the rules have nothing left to do, whatever was expected. */
const STILL_MS = 10_000;

export interface Expected {
  /** Distinct cases that were sent, and how many of them with an end. */
  cases: number;
  closed: number;
}

/**
 * The centre's verdict on the cases of a source, once its rules have seen them all: they follow what is
 * stored, in the order in which it was stored.
 * @param asOf RFC 3339
 * @returns the report, and whether it came up to what was expected
 */
export async function verdict(
  centre: Pick<Centre, 'get'>,
  source: string,
  asOf: string,
  expected: Expected,
  signal: AbortSignal,
): Promise<{ report: OverdueReport; complete: boolean }> {
  const query = new URLSearchParams({ source, asOf });
  let stillMs = 0;
  let before = '';
  for (;;) {
    const report = reportSchema.parse(await centre.get(`/api/report/overdue?${query.toString()}`, signal));
    const complete = report.cases >= expected.cases && report.closed.total >= expected.closed;
    const now = JSON.stringify(report);
    stillMs = now === before ? stillMs + LOOK_MS : 0;
    before = now;
    // On a centre that others report to as well, something may always be waiting: then stillness decides.
    const settled = complete && (report.pending === 0 || stillMs >= 2 * LOOK_MS);
    if (settled || stillMs >= STILL_MS || isAborted(signal)) return { report, complete };
    await pause(LOOK_MS, signal);
  }
}
