import type { BacktestResult, BacktestRun } from '@mingjing/contracts';
import { inOrder, standingOf } from '@mingjing/rules';
import pg from 'pg';
import { countEvents } from '../store/backtest/countEvents.ts';
import { readCases } from '../store/backtest/readCases.ts';
import type { BacktestJob } from './request.ts';
import { Tally } from './tally.ts';
import { readWorld } from './world.ts';

/** What is thrown when a backtest was called off. */
export class CancelledError extends Error {
  override name = 'CancelledError';

  constructor() {
    super('the backtest was cancelled');
  }
}

interface Watch {
  onProgress: (progress: BacktestRun['progress']) => void;
  signal: AbortSignal;
}

async function run(
  client: pg.Client,
  job: BacktestJob,
  { onProgress, signal }: Watch,
): Promise<BacktestResult> {
  const started = performance.now();
  const world = await readWorld(client, job.ruleset);
  const tally = new Tally(world, job);
  const total = await countEvents(client, job);
  let [events, cases] = [0, 0];
  onProgress({ events, total });
  for await (const portion of readCases(client, job)) {
    if (signal.aborted) throw new CancelledError();
    for (const [caseId, all] of portion.events) {
      const truth = standingOf(world, inOrder(all), job.asOf);
      if (truth.run.state) tally.add(truth.run.state, truth, portion.issued.get(caseId) ?? []);
      events += all.length;
      cases += 1;
    }
    onProgress({ events, total: Math.max(total, events) });
  }
  const tookMs = Math.round(performance.now() - started);
  const { more, fewer } = tally;
  return { from: job.from, to: job.to, events, cases, tookMs, counts: tally.counts(), more, fewer };
}

/**
 * Runs a changed ruleset over the stored history of cases, each from its first event to now, and compares what
 * would stand with what the centre issued, for instants in the time asked for. It reads one snapshot in a read-only
 * transaction on a connection of its own: nothing live is touched, and memory does not grow with the history.
 * @throws CancelledError when called off; errors of the database
 */
export async function runBacktest(
  databaseUrl: string,
  job: BacktestJob,
  watch: Watch,
): Promise<BacktestResult> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mingjing backtest' });
  // Its loss is told by the query that meets it.
  const lost: Error[] = [];
  client.on('error', (error) => lost.push(error));
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await run(client, job, watch);
  } finally {
    await client.end();
  }
}
