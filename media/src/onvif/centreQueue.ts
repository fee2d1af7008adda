import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Waiting, WaitingQueue } from './waiting.ts';

interface QueueOptions<T> {
  name: string;
  centreUrl: string;
  token: string;
  path: string;
  /** Where they wait. */
  waiting: Waiting;
  /** The body in which items are sent. */
  bodyOf: (items: readonly T[]) => unknown;
  contentType: string;
  scheduler: SchedulerLike;
  log: Log;
}

const MOST_KEPT = 100_000;
const AT_ONCE = 100;
const GATHER_MS = 200;
const AGAIN_AFTER_MS = 5000;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Tells the centre things in order, again until it has taken them. They wait on the disk, beyond the end of this process;
 * the oldest go when the centre is away for too long.
 */
export class CentreQueue<T> {
  readonly name: string;
  readonly #options: QueueOptions<T>;
  readonly #waiting: WaitingQueue<T>;
  #timer: Subscription | undefined;
  #sending: Promise<void> | undefined;
  #stopped = false;
  #lastProblem: string | undefined;

  constructor(options: QueueOptions<T>) {
    this.#options = options;
    this.name = options.name;
    this.#waiting = options.waiting.of(options.name);
  }

  /** Takes up what the last run could not tell. */
  start(): void {
    this.#stopped = false;
    this.#later(GATHER_MS);
  }

  /** Tries once more to send what waits. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    await this.#sending;
    await this.#send();
  }

  push(item: T): void {
    const { log } = this.#options;
    try {
      this.#waiting.add(item);
      const gone = this.#waiting.letGo(MOST_KEPT);
      if (gone > 0)
        log.error({ queue: this.name, gone }, 'the centre is away for too long: the oldest were let go');
    } catch (problem) {
      // A full disk must not end what the camera or its operator is doing.
      log.error({ queue: this.name, item, problem: messageOf(problem) }, 'cannot be kept for the centre');
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
    const batch = this.#waiting.first(AT_ONCE);
    const last = batch.at(-1);
    if (!last) return;
    try {
      const answer = await fetch(new URL(path, centreUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
        body: JSON.stringify(bodyOf(batch.map(({ item }) => item))),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.body?.cancel();
      // What it will never take must not keep the others waiting.
      const isRefused = answer.status === 400 || answer.status === 413;
      if (!answer.ok && !isRefused) throw new Error(`HTTP ${answer.status}`);
      if (isRefused)
        log.error({ queue: this.name, status: answer.status }, 'the centre refused what it was told');
      this.#waiting.removeUpTo(last.seq);
      this.#lastProblem = undefined;
      this.#later(GATHER_MS);
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem)
        log.warn({ queue: this.name, problem: message }, 'the centre does not take it');
      this.#lastProblem = message;
      this.#later(AGAIN_AFTER_MS);
    }
  }
}
