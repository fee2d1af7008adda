import { inTransaction, type Pool } from '../store/database.ts';
import { blamesTheData, isKnownAlready } from '../store/faults.ts';
import { insertObservations, type Inserted } from '../store/observations/insertObservations.ts';
import type { RecentCommits } from '../store/observations/recentCommits.ts';
import { touchSources } from '../store/observations/touchSources.ts';
import type { NewObservation } from './check.ts';
import { Senders } from './senders.ts';

/** The queue is full: the sender should wait and send again. */
export class BusyError extends Error {
  override name = 'BusyError';
  readonly retryAfterSeconds: number;
  constructor(what: string, retryAfterSeconds: number) {
    super(`${what}; send again in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What became of one row; the server's own words where it could not hold it. */
export type Stored = { status: 'stored' | 'duplicate' } | { status: 'rejected'; reason: string };

interface Submission {
  sourceId: string;
  rows: NewObservation[];
  resolve: (results: Stored[]) => void;
  reject: (error: unknown) => void;
}

export interface IngestWriter {
  /**
   * Stores rows durably. Resolves when they are committed, with one result per row.
   * @throws BusyError when too much is waiting
   */
  submit(sourceId: string, rows: NewObservation[]): Promise<Stored[]>;
  /** Waits until everything submitted is stored. */
  drain(): Promise<void>;
  readonly waiting: number;
}

/** The most rows stored in one transaction: enough to spread its cost, few enough to answer soon. */
const MAX_COMMIT = 5000;

function takeChunk(queue: Submission[]): Submission[] {
  let rows = 0;
  let count = 0;
  for (const submission of queue) {
    if (count > 0 && rows + submission.rows.length > MAX_COMMIT) break;
    rows += submission.rows.length;
    count += 1;
  }
  return queue.splice(0, count);
}

/** The same (source, id) twice in one go: only the first is new. Maps each row to its first appearance. */
function firstAppearances(rows: NewObservation[]): { unique: NewObservation[]; indexOf: number[] } {
  const seen = new Set<string>();
  const unique: NewObservation[] = [];
  const indexOf = rows.map((row) => {
    // Neither of them can hold a NUL.
    const key = `${row.source}\u0000${row.id}`;
    if (seen.has(key)) return -1;
    seen.add(key);
    unique.push(row);
    return unique.length - 1;
  });
  return { unique, indexOf };
}

interface StoreDeps {
  pool: Pool;
  senders: Senders;
  recent: RecentCommits | undefined;
}

/** In one transaction; in a second one, with a look at every row, where a row taken as new was not. */
async function insertAll({ pool, senders }: StoreDeps, rows: NewObservation[], sources: string[]) {
  const attempt = (isNew: (row: NewObservation) => boolean): Promise<Inserted> =>
    inTransaction(pool, async (client) => {
      const inserted = await insertObservations(client, rows, isNew);
      const latest = rows.reduce((at, row) => Math.max(at, row.receivedAt), 0);
      await touchSources(client, sources, latest);
      return inserted;
    });
  try {
    return await attempt((row) => senders.sendsAnew(row));
  } catch (error) {
    if (!isKnownAlready(error)) throw error;
    return await attempt(() => false);
  }
}

async function insertUnique(deps: StoreDeps, rows: NewObservation[], sources: string[]): Promise<Stored[]> {
  try {
    const { known, fresh, first } = await insertAll(deps, rows, sources);
    if (fresh.length > 0) deps.recent?.add(first, fresh);
    return rows.map((row, index) => {
      if (!known.has(index)) return { status: 'stored' };
      deps.senders.sentAgain(row.source, row.receivedAt);
      return { status: 'duplicate' };
    });
  } catch (error) {
    if (!blamesTheData(error)) throw error;
    if (rows.length === 1)
      return [{ status: 'rejected', reason: `the store cannot hold it: ${error.message}` }];
    // One row that cannot be held must not sink the others: halve until it stands alone.
    const half = Math.ceil(rows.length / 2);
    const first = await insertUnique(deps, rows.slice(0, half), sources);
    return [...first, ...(await insertUnique(deps, rows.slice(half), sources))];
  }
}

async function store(deps: StoreDeps, chunk: Submission[]): Promise<Stored[]> {
  const { unique, indexOf } = firstAppearances(chunk.flatMap((submission) => submission.rows));
  const sources = [...new Set(chunk.map((submission) => submission.sourceId))];
  const stored = await insertUnique(deps, unique, sources);
  return indexOf.map((index) => stored[index] ?? { status: 'duplicate' });
}

/**
 * One writer for all requests: what comes while a transaction runs goes into the next one together.
 * @param maxWaiting the most events that may wait
 * @param recent gets what was committed, for the pipeline of this process
 */
export function createIngestWriter(pool: Pool, maxWaiting: number, recent?: RecentCommits): IngestWriter {
  const deps: StoreDeps = { pool, senders: new Senders(), recent };
  const queue: Submission[] = [];
  let waiting = 0;
  let running: Promise<void> | undefined;

  async function storeChunk(chunk: Submission[]): Promise<void> {
    const size = chunk.reduce((sum, submission) => sum + submission.rows.length, 0);
    try {
      const results = await store(deps, chunk);
      let from = 0;
      for (const submission of chunk) {
        submission.resolve(results.slice(from, from + submission.rows.length));
        from += submission.rows.length;
      }
    } catch (error) {
      for (const submission of chunk) submission.reject(error);
    } finally {
      waiting -= size;
    }
  }

  async function run(): Promise<void> {
    while (queue.length > 0) await storeChunk(takeChunk(queue));
    running = undefined;
  }

  return {
    submit(sourceId, rows) {
      if (rows.length === 0) return Promise.resolve([]);
      // One submission larger than the whole queue may enter an empty one, or it could never be stored.
      if (waiting > 0 && waiting + rows.length > maxWaiting)
        return Promise.reject(new BusyError(`${waiting} events are waiting to be stored`, 1));
      waiting += rows.length;
      return new Promise((resolve, reject) => {
        queue.push({ sourceId, rows, resolve, reject });
        running ??= run();
      });
    },
    async drain() {
      await running;
    },
    get waiting() {
      return waiting;
    },
  };
}
