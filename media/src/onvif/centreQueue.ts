import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';

interface QueueOptions<T> {
  name: string;
  centreUrl: string;
  token: string;
  path: string;
  /** The body in which items are sent. */
  bodyOf: (items: readonly T[]) => unknown;
  contentType: string;
  scheduler: SchedulerLike;
  log: Log;
}

const MOST_KEPT = 5000;
const AT_ONCE = 100;
const GATHER_MS = 200;
const AGAIN_AFTER_MS = 5000;
const ANSWER_WITHIN_MS = 10_000;

/** Tells the centre things in order, again until it has taken them; the oldest go when it is away for too long. */
export class CentreQueue<T> {
  readonly name: string;
  readonly #options: QueueOptions<T>;
  #waiting: T[] = [];
  #timer: Subscription | undefined;
  #sending: Promise<void> | undefined;
  #stopped = false;
  #lastProblem: string | undefined;

  constructor(options: QueueOptions<T>) {
    this.#options = options;
    this.name = options.name;
  }

  start(): void {
    this.#stopped = false;
  }

  /** Tries once more to send what waits. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    await this.#sending;
    if (this.#waiting.length > 0) await this.#send();
  }

  push(item: T): void {
    this.#waiting.push(item);
    if (this.#waiting.length > MOST_KEPT) {
      this.#waiting.shift();
      this.#options.log.warn({ queue: this.name }, 'the centre is away for too long: the oldest was let go');
    }
    if (!this.#sending) this.#later(GATHER_MS);
  }

  #later(ms: number): void {
    if (this.#stopped) return;
    this.#timer?.unsubscribe();
    this.#timer = this.#options.scheduler.schedule(() => {
      this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
    }, ms);
  }

  async #send(): Promise<void> {
    const { centreUrl, token, path, bodyOf, contentType, log } = this.#options;
    const items = this.#waiting.slice(0, AT_ONCE);
    try {
      const answer = await fetch(new URL(path, centreUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
        body: JSON.stringify(bodyOf(items)),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.body?.cancel();
      // What it will never take must not keep the others waiting.
      const isRefused = answer.status === 400 || answer.status === 413;
      if (!answer.ok && !isRefused) throw new Error(`HTTP ${answer.status}`);
      if (isRefused)
        log.error({ queue: this.name, status: answer.status }, 'the centre refused what it was told');
      const sent = new Set(items);
      this.#waiting = this.#waiting.filter((item) => !sent.has(item));
      this.#lastProblem = undefined;
      if (this.#waiting.length > 0) this.#later(GATHER_MS);
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem)
        log.warn({ queue: this.name, problem: message }, 'the centre does not take it');
      this.#lastProblem = message;
      this.#later(AGAIN_AFTER_MS);
    }
  }
}
