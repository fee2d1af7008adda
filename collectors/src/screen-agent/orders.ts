import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { agentOrdersSchema, type AgentOrders } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { isAborted, messageOf, pause, type Centre } from '../outbox/index.ts';

/** How often the centre is asked, ms. */
const ASK_MS = 5000;
/** A permission that the centre has not confirmed for so long counts for nothing: it may have been ended. In ms. */
const UNCONFIRMED_MS = 30_000;

/** What the agent is to do, as the centre said last; kept on disk, so that it works while the centre is away. */
export class Orders {
  readonly #file: string;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  readonly #now: () => number;
  #orders: AgentOrders | undefined;
  /** Until when unmasked pictures may be taken, by this machine's steady clock; ms. */
  #unmaskedUntil = -Infinity;

  /** @param now a clock that never jumps, ms */
  constructor(file: string, log: Pick<Logger, 'info' | 'warn'>, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#log = log;
    this.#now = now;
    // What was allowed before this start is never taken from the file.
    if (existsSync(file)) this.#orders = agentOrdersSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  get current(): AgentOrders | undefined {
    return this.#orders;
  }

  /** Whether somebody may see the screen unmasked now: ends by time, also while the centre cannot be reached. */
  get unmasked(): boolean {
    return this.#now() < this.#unmaskedUntil;
  }

  /** Takes over what the centre says. @param askedAt when it was asked, by the steady clock */
  take(answer: unknown, askedAt: number): void {
    const orders = agentOrdersSchema.parse(answer);
    const before = this.unmasked;
    this.#unmaskedUntil =
      orders.unmaskedForMs === null ? -Infinity : askedAt + Math.min(orders.unmaskedForMs, UNCONFIRMED_MS);
    if (this.unmasked !== before)
      this.#log.warn(
        { screen: orders.id },
        this.unmasked ? '本屏正被授权查看未遮盖画面 shown unmasked now' : '未遮盖查看已结束 masked again',
      );
    const kept = JSON.stringify({ ...orders, unmaskedForMs: null });
    if (JSON.stringify(this.#orders) !== kept) {
      writeFileSync(`${this.#file}.new`, kept, { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    }
    this.#orders = { ...orders, unmaskedForMs: null };
  }

  /** Asks the centre until the signal. */
  async follow(centre: Pick<Centre, 'get'>, signal: AbortSignal): Promise<void> {
    while (!isAborted(signal)) {
      const askedAt = this.#now();
      try {
        this.take(await centre.get('/api/service/screen', signal), askedAt);
      } catch (error) {
        if (!isAborted(signal)) this.#log.warn(`what to do cannot be asked: ${messageOf(error)}`);
      }
      await pause(ASK_MS, signal);
    }
  }
}
