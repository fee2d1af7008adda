import type { Logger } from 'pino';
import { Backoff, isAborted, pause, type BackoffOptions } from './backoff.ts';
import { CentreError, type Centre } from './centre.ts';
import { messageOf, OutboxFullError } from './errors.ts';
import type { Outbox, WaitingEvent } from './outbox.ts';

export interface SenderOptions {
  outbox: Outbox;
  centre: Pick<Centre, 'postEvents' | 'putBlob'>;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** The most events of one request; contracts' MAX_BATCH is what the centre takes. */
  maxBatch?: number;
  /** The most bytes of one request's events. */
  maxBatchBytes?: number;
  backoff?: BackoffOptions;
  /** How to wait; the real clock unless told. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Delivers an outbox to the centre: in order, one request at a time (so that a retried batch can never
 * overtake another), blobs before the events that name them. Never gives up: an outage, a full centre
 * (429 with Retry-After) and a wrong token are waited out with exponential back-off.
 */
export class Sender {
  readonly #options: Required<SenderOptions>;
  readonly #backoff: Backoff;
  readonly #abort = new AbortController();
  #batchLimit: number;
  #running: Promise<void> | undefined;

  constructor(options: SenderOptions) {
    const backoff = options.backoff ?? { firstMs: 500, mostMs: 30_000 };
    this.#options = { maxBatch: 1000, maxBatchBytes: 1024 * 1024, wait: pause, ...options, backoff };
    this.#batchLimit = this.#options.maxBatch;
    this.#backoff = new Backoff(backoff);
  }

  /** Failed attempts since the last success. */
  get failures(): number {
    return this.#backoff.failures;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Stops sending; a request under way is dropped, its events stay in the outbox. Idempotent. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!isAborted(signal)) {
      try {
        const batch = this.#options.outbox.next(this.#batchLimit, this.#options.maxBatchBytes);
        if (batch.length === 0) await this.#untilChange(signal);
        else await this.#deliver(batch, signal);
      } catch (error) {
        if (!isAborted(signal)) await this.#recover(error, signal);
      }
    }
  }

  async #untilChange(signal: AbortSignal): Promise<void> {
    const { outbox } = this.#options;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    const forget = outbox.onChange(wake);
    signal.addEventListener('abort', wake, { once: true });
    if (outbox.waiting === 0 && !signal.aborted) await promise;
    signal.removeEventListener('abort', wake);
    forget();
  }

  async #deliver(batch: WaitingEvent[], signal: AbortSignal): Promise<void> {
    const { outbox, log } = this.#options;
    const unsendable = await this.#sendBlobs(batch, signal);
    const rejections = new Map(unsendable);
    const sendable = batch.filter((event) => !unsendable.has(event.seq));
    if (sendable.length > 0) {
      const results = await this.#post(sendable, signal);
      if (results === undefined) return;
      sendable.forEach((event, index) => {
        const result = results[index];
        if (result?.status === 'rejected')
          rejections.set(event.seq, result.reason ?? 'rejected without a reason');
      });
    }
    for (const event of batch) {
      const reason = rejections.get(event.seq);
      if (reason !== undefined) log.warn({ id: event.id, reason }, 'the centre rejected an event');
    }
    await this.#settle(batch, rejections, signal);
    if (this.#backoff.failures > 0) log.info({ waiting: outbox.waiting }, 'the centre takes events again');
    this.#backoff.reset();
    this.#batchLimit = Math.min(this.#options.maxBatch, this.#batchLimit * 2);
  }

  /**
   * Posts a batch. A request that the centre refuses as a whole is halved until the one event that is
   * to blame stands alone.
   * @returns the results; undefined when a smaller batch has to be tried
   */
  async #post(
    events: readonly WaitingEvent[],
    signal: AbortSignal,
  ): Promise<{ status: string; reason?: string | undefined }[] | undefined> {
    try {
      return await this.#options.centre.postEvents(
        events.map((event) => event.body),
        signal,
      );
    } catch (error) {
      if (!(error instanceof CentreError) || !error.blamesContent) throw error;
      if (events.length === 1) return [{ status: 'rejected', reason: error.message }];
      this.#batchLimit = Math.ceil(events.length / 2);
      return undefined;
    }
  }

  /** Sends the blobs of a batch. Returns the events whose blob the centre will never take, with the reason. */
  async #sendBlobs(batch: readonly WaitingEvent[], signal: AbortSignal): Promise<Map<number, string>> {
    const refused = new Map<number, string>();
    for (const event of batch) {
      const blob = event.blob === null ? undefined : this.#options.outbox.unsentBlob(event.blob);
      if (!blob) continue;
      try {
        await this.#options.centre.putBlob(blob, signal);
        this.#options.outbox.blobSent(blob.sha256);
      } catch (error) {
        if (!(error instanceof CentreError) || !error.blamesContent) throw error;
        refused.set(event.seq, `its picture was refused: ${error.message}`);
      }
    }
    return refused;
  }

  /** The centre has them; what cannot be noted on a full disk is tried again, not sent again. */
  async #settle(
    batch: WaitingEvent[],
    rejections: ReadonlyMap<number, string>,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      try {
        this.#options.outbox.settle(batch, rejections, Date.now());
        return;
      } catch (error) {
        if (!(error instanceof OutboxFullError) || signal.aborted) throw error;
        await this.#recover(error, signal);
      }
    }
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const asked = error instanceof CentreError ? error.retryAfterMs : null;
    const waitMs = Math.max(asked ?? 0, this.#backoff.next());
    const waiting = this.#options.outbox.waiting;
    this.#options.log.warn({ waiting, waitMs: Math.round(waitMs) }, `delivery waits: ${messageOf(error)}`);
    await this.#options.wait(waitMs, signal);
  }
}
