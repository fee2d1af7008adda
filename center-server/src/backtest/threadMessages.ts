import type { BacktestResult, BacktestRun } from '@mingjing/contracts';
import type { BacktestJob } from './request.ts';

/** What the thread is started with. */
export interface ThreadStart {
  databaseUrl: string;
  job: BacktestJob;
}

/** What the thread tells; the last one is never `progress`. Any message to the thread calls it off. */
export type ThreadMessage =
  | { type: 'progress'; progress: BacktestRun['progress'] }
  | { type: 'done'; result: BacktestResult }
  | { type: 'cancelled' }
  | { type: 'failed'; error: string };
