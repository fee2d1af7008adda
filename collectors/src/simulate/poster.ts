import { MAX_BATCH } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { Backoff, isAborted, pause } from '../outbox/backoff.ts';
import { Centre, CentreError } from '../outbox/centre.ts';
import type { TimedEvent } from './script.ts';

/** How many events one request carries, and how many sources post at the same time. */
const BATCH = 500;
const AT_ONCE = 3;

/** What the centre said of posted events. */
export interface Posted {
  stored: number;
  duplicate: number;
  rejected: number;
}

/** Where the play goes. Resolves when every event was answered for, however long the centre is away. */
export interface Poster {
  /** @throws CentreError when the centre refuses a token and this poster does not wait */
  post: (events: readonly TimedEvent[], signal: AbortSignal) => Promise<Posted>;
}

export interface PosterOptions {
  /** Address of the centre. */
  url: string;
  /** A token per source. */
  tokens: ReadonlyMap<string, string>;
  log: Pick<Logger, 'warn'>;
  /** Whether a refused token (401, 403) is waited out as an outage is; otherwise it ends the play. */
  waitsForTokens: boolean;
  backoff?: { firstMs: number; mostMs: number };
}

function bySource(events: readonly TimedEvent[]): [string, TimedEvent[]][] {
  const groups = new Map<string, TimedEvent[]>();
  for (const timed of events) {
    const group = groups.get(timed.source);
    if (group) group.push(timed);
    else groups.set(timed.source, [timed]);
  }
  return [...groups];
}

/** Where a batch ends: after BATCH events and the rest of the case that these end with. */
function batchEnd(events: readonly TimedEvent[], from: number): number {
  let end = Math.min(from + BATCH, events.length);
  const last = events[end - 1]?.event.subject;
  while (last !== undefined && events[end]?.event.subject === last && end - from < MAX_BATCH) end++;
  return end;
}

/**
 * Posts to the public ingest API, each event with its own source's token, in order within a source.
 * Nothing is kept on disk: the play is a pure function of its seed and is made again after a crash.
 */
export class CentrePoster implements Poster {
  readonly #options: PosterOptions;
  readonly #centres: Map<string, Centre>;

  constructor(options: PosterOptions) {
    this.#options = options;
    this.#centres = new Map(
      [...options.tokens].map(([source, token]) => [source, new Centre({ url: options.url, token })]),
    );
  }

  async post(events: readonly TimedEvent[], signal: AbortSignal): Promise<Posted> {
    const total: Posted = { stored: 0, duplicate: 0, rejected: 0 };
    const groups = bySource(events);
    const worker = async (): Promise<void> => {
      for (let group = groups.shift(); group; group = groups.shift()) {
        const [source, own] = group;
        for (let at = 0; at < own.length && !isAborted(signal);) {
          const batch = own.slice(at, batchEnd(own, at));
          await this.#postBatch(source, batch, total, signal);
          at += batch.length;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return total;
  }

  async #postBatch(source: string, events: TimedEvent[], total: Posted, signal: AbortSignal): Promise<void> {
    const centre = this.#centres.get(source);
    if (!centre) {
      throw new CentreError(`no token for the source "${source}": expected one in the token file`, 401);
    }
    const bodies = events.map(({ event }) => JSON.stringify(event));
    const backoff = new Backoff(this.#options.backoff ?? { firstMs: 500, mostMs: 15_000 });
    while (!isAborted(signal)) {
      try {
        for (const result of await centre.postEvents(bodies, signal)) {
          total[result.status] += 1;
          if (result.status === 'rejected') {
            this.#options.log.warn(
              { source, id: result.id, reason: result.reason },
              'the centre rejected an event',
            );
          }
        }
        return;
      } catch (error) {
        if (isAborted(signal)) return;
        if (!(error instanceof CentreError) || error.blamesContent) throw error;
        const refused = error.status === 401 || error.status === 403;
        if (refused && !this.#options.waitsForTokens) throw error;
        const waitMs = Math.max(error.retryAfterMs ?? 0, backoff.next());
        this.#options.log.warn({ source, waitMs: Math.round(waitMs) }, `posting waits: ${error.message}`);
        await pause(waitMs, signal);
      }
    }
  }
}
