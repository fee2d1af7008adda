/** A backtest in a thread of its own, so that the centre goes on answering while it counts. */
import { parentPort, workerData } from 'node:worker_threads';
import { CancelledError, runBacktest } from './runBacktest.ts';
import type { ThreadMessage, ThreadStart } from './threadMessages.ts';

const { databaseUrl, job } = workerData as ThreadStart;
const cancelled = new AbortController();
parentPort?.on('message', () => cancelled.abort());

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

try {
  const result = await runBacktest(databaseUrl, job, {
    onProgress: (progress) => tell({ type: 'progress', progress }),
    signal: cancelled.signal,
  });
  tell({ type: 'done', result });
} catch (error) {
  if (error instanceof CancelledError) tell({ type: 'cancelled' });
  else tell({ type: 'failed', error: error instanceof Error ? error.message : String(error) });
} finally {
  // The port would keep the thread alive.
  parentPort?.close();
}
