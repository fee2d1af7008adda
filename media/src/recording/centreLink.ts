import { z } from 'zod';
import { recordingOrderSchema, type RecordingOrder, type StorageState } from '@mingjing/contracts';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Catalogue } from './catalogue.ts';

interface LinkOptions {
  centreUrl: string;
  token: string;
  catalogue: Catalogue;
  onOrders: (orders: readonly RecordingOrder[]) => void;
  /** How the disk is. */
  storage: () => StorageState;
  scheduler: SchedulerLike;
  log: Log;
}

const EVERY_MS = 2000;
/** How long the centre may take to answer, in ms. */
const ANSWER_WITHIN_MS = 10_000;
/** So many segments go in one request. */
const MOST = 500;
/** How the disk is is told again after so long where nothing else is to be told, in ms. */
const TELL_STORAGE_EVERY_MS = 30_000;

/**
 * Tells the centre what was recorded and deleted, and asks what is to be recorded and kept. While the centre does not
 * answer, news wait in the catalogue and the last orders hold.
 */
export class CentreLink {
  readonly #options: LinkOptions;
  #timer: Subscription | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;
  #lastProblem: string | undefined;
  #toldStorage: { state: StorageState['state']; at: number } | undefined;
  /** When the centre last said what it wants kept, ms since the epoch. */
  orderedAt = -Infinity;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  start(): void {
    const round = () => {
      this.#round = this.exchange().finally(() => {
        if (!this.#stopped) this.#timer = this.#options.scheduler.schedule(round, EVERY_MS);
      });
    };
    round();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    await this.#round;
  }

  /** Asks for orders, then tells all news. Never rejects. */
  async exchange(): Promise<void> {
    const { scheduler, log } = this.#options;
    try {
      const asked = scheduler.now();
      const since = this.#options.catalogue.oldestUnwanted();
      const what = since === undefined ? '/orders' : `/orders?since=${since}`;
      const orders = z.array(recordingOrderSchema).parse(await this.#call('GET', what));
      this.#options.catalogue.order(orders);
      this.#options.onOrders(orders);
      this.orderedAt = asked;
      await this.#tell();
      this.#lastProblem = undefined;
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem)
        log.warn({ problem: message }, 'the centre does not take what was recorded; it is told later');
      this.#lastProblem = message;
    }
  }

  async #tell(): Promise<void> {
    const { catalogue, scheduler } = this.#options;
    for (;;) {
      const storage = this.#options.storage();
      const news = catalogue.news(MOST);
      const hasNews = news.added.length + news.removed.length > 0;
      const told = this.#toldStorage;
      const isKnown = told?.state === storage.state && scheduler.now() - told.at < TELL_STORAGE_EVERY_MS;
      if ((!hasNews && isKnown) || this.#stopped) return;
      await this.#call('POST', '', { ...news, storage });
      this.#toldStorage = { state: storage.state, at: scheduler.now() };
      catalogue.told(news);
    }
  }

  async #call(method: 'GET' | 'POST', what: string, body?: unknown): Promise<unknown> {
    const { centreUrl, token } = this.#options;
    const answer = await fetch(new URL(`/api/service/recordings${what}`, centreUrl), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!answer.ok)
      throw new Error(`${method} /api/service/recordings${what} answered HTTP ${answer.status}`);
    return answer.json();
  }
}
