import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from './log.ts';
import { messageOf } from './modules.ts';

interface HeartbeatOptions {
  centreUrl: string;
  token: string;
  scheduler: SchedulerLike;
  log: Log;
}

const EVERY_MS = 30_000;
const ANSWER_WITHIN_MS = 5000;

/**
 * Lets the centre know that the media host is there, by an empty batch of observations: while nothing changes it tells
 * of nothing else, and a source that is silent is an alert of its own.
 */
export class Heartbeat {
  readonly name = 'heartbeat';
  readonly #options: HeartbeatOptions;
  readonly #ending = new AbortController();
  #timer: Subscription | undefined;
  #beating: Promise<void> = Promise.resolve();
  #lastProblem: string | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    this.#beating = this.#beat().finally(() => {
      if (this.#ending.signal.aborted) return;
      this.#timer = this.#options.scheduler.schedule(() => this.start(), EVERY_MS);
    });
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#timer?.unsubscribe();
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { centreUrl, token, log } = this.#options;
    try {
      const answer = await fetch(new URL('/api/ingest', centreUrl), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/cloudevents-batch+json',
        },
        body: '[]',
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      this.#lastProblem = undefined;
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem && !this.#ending.signal.aborted)
        log.warn({ problem: message }, 'the centre does not hear that the media host is there');
      this.#lastProblem = message;
    }
  }
}
