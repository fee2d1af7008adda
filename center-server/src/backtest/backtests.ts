import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { BacktestRun } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { maySee, type Viewer } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';
import type { Running } from '../lifecycle.ts';
import type { BacktestJob } from './request.ts';
import type { ThreadMessage, ThreadStart } from './threadMessages.ts';

/** Backtests that run at the same time: the machine has other work. Of one person only one at a time. */
const AT_ONCE = 2;
/** Backtests that one person may have waiting or running. */
const MOST_OPEN = 5;
/** Finished ones that are kept, the oldest forgotten first. */
const MOST_KEPT = 50;
/** How long one that was called off may take to end by itself, ms. */
const END_WITHIN_MS = 2000;

interface Entry {
  run: BacktestRun;
  job: BacktestJob;
  worker: Worker | null;
}

const isOpen = ({ run }: Entry): boolean => run.state === 'waiting' || run.state === 'running';

/** Asks a thread to end, and ends it where it does not. */
async function end(worker: Worker): Promise<void> {
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage('cancel');
  const late = setTimeout(() => void worker.terminate(), END_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

/** The backtests of the centre: queued, run in threads, kept in memory until there are too many. */
export class Backtests implements Running {
  readonly #databaseUrl: string;
  readonly #log: Logger;
  readonly #entries = new Map<string, Entry>();
  #stopped = false;

  /** @param databaseUrl where each run opens a connection of its own */
  constructor(databaseUrl: string, log: Logger) {
    this.#databaseUrl = databaseUrl;
    this.#log = log;
  }

  /** @throws ProblemError busy, when the person has too many waiting */
  start({ username }: Viewer, job: BacktestJob): BacktestRun {
    const own = [...this.#entries.values()].filter((one) => isOpen(one) && one.run.startedBy === username);
    if (own.length >= MOST_OPEN) {
      const detail = `${MOST_OPEN} backtests of yours are waiting or running: cancel one, or wait`;
      throw new ProblemError('busy', detail, { retryAfterSeconds: 10 });
    }
    const run: BacktestRun = {
      ...{ id: randomUUID(), state: 'waiting', startedBy: username, startedAt: job.asOf },
      ...{ progress: { events: 0, total: 0 }, result: null, error: null },
    };
    const entry: Entry = { run, job, worker: null };
    this.#entries.set(run.id, entry);
    this.#next();
    return entry.run;
  }

  /** @throws ProblemError not-found, also for one that the viewer may not see */
  get(viewer: Viewer, id: string): BacktestRun {
    return this.#found(viewer, id).run;
  }

  /** Those of the viewer's own scope, the latest first, without their single differences. */
  list(viewer: Viewer): BacktestRun[] {
    return [...this.#entries.values()]
      .filter(({ job }) => maySee(viewer, job.region))
      .map(({ run }) => (run.result ? { ...run, result: { ...run.result, more: [], fewer: [] } } : run))
      .reverse();
  }

  /** Calls one off, or forgets a finished one. @throws ProblemError as get */
  cancel(viewer: Viewer, id: string): BacktestRun {
    const entry = this.#found(viewer, id);
    const { worker } = entry;
    if (!isOpen(entry)) this.#entries.delete(id);
    this.#finish(entry, { state: 'cancelled' });
    if (worker) end(worker).catch((error: unknown) => this.#log.warn({ err: error }, 'ending a backtest'));
    return entry.run;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const workers = [...this.#entries.values()].flatMap(({ worker }) => worker ?? []);
    await Promise.all(workers.map(end));
  }

  #found(viewer: Viewer, id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry || !maySee(viewer, entry.job.region))
      throw new ProblemError('not-found', `there is no backtest "${id}"`);
    return entry;
  }

  #finish(entry: Entry, change: Partial<BacktestRun>): void {
    if (isOpen(entry)) entry.run = { ...entry.run, ...change };
  }

  #hear(entry: Entry, message: ThreadMessage): void {
    switch (message.type) {
      case 'progress':
        this.#finish(entry, { progress: message.progress });
        return;
      case 'done':
        this.#finish(entry, { state: 'done', result: message.result });
        return;
      case 'cancelled':
        this.#finish(entry, { state: 'cancelled' });
        return;
      case 'failed':
        this.#log.warn({ backtest: entry.run.id, error: message.error }, 'a backtest failed');
        this.#finish(entry, { state: 'failed', error: message.error });
    }
  }

  #open(entry: Entry): void {
    entry.run = { ...entry.run, state: 'running' };
    const start: ThreadStart = { databaseUrl: this.#databaseUrl, job: entry.job };
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: start });
    entry.worker = worker;
    worker.on('message', (message: ThreadMessage) => this.#hear(entry, message));
    worker.on('error', (error: unknown) =>
      this.#hear(entry, { type: 'failed', error: error instanceof Error ? error.message : String(error) }),
    );
    worker.on('exit', () => {
      entry.worker = null;
      this.#finish(entry, { state: 'failed', error: 'the backtest ended before it was through' });
      this.#next();
    });
  }

  /** Forgets the oldest finished ones, and starts what may run. */
  #next(): void {
    const all = [...this.#entries.values()];
    const finished = all.filter((one) => !isOpen(one) && one.worker === null);
    for (const { run } of finished.slice(0, -MOST_KEPT)) this.#entries.delete(run.id);
    if (this.#stopped) return;
    for (const entry of all) {
      const running = all.filter(({ worker }) => worker !== null);
      if (running.length >= AT_ONCE) return;
      const busy = running.some(({ run }) => run.startedBy === entry.run.startedBy);
      if (entry.run.state === 'waiting' && !busy) this.#open(entry);
    }
  }
}
