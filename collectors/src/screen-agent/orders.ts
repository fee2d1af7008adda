import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { agentOrdersSchema, type AgentOrders } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { isAborted, messageOf, pause, type Centre } from '../outbox/index.ts';
import { ASK_MS, Permission, wordOf } from '../screen/permission.ts';

/** What the agent is to do, as the centre said last; kept on disk, so that it works while the centre is away. */
export class Orders {
  readonly #file: string;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  readonly #now: () => number;
  #orders: AgentOrders | undefined;
  readonly #permission: Permission;

  /** @param now a clock that never jumps, ms */
  constructor(file: string, log: Pick<Logger, 'info' | 'warn'>, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#log = log;
    this.#now = now;
    this.#permission = new Permission(now);
    // What was allowed before this start is never taken from the file.
    if (existsSync(file)) this.#orders = agentOrdersSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  get current(): AgentOrders | undefined {
    return this.#orders;
  }

  /** Whether somebody may see the screen unmasked now: ends by time, also while the centre cannot be reached. */
  get unmasked(): boolean {
    return this.#permission.holds;
  }

  /** Takes over what the centre says. @param askedAt when it was asked, by the steady clock */
  take(answer: unknown, askedAt: number): void {
    const orders = agentOrdersSchema.parse(answer);
    if (this.#permission.take(orders.unmaskedForMs, askedAt))
      this.#log.warn({ screen: orders.id }, wordOf(this.#permission));
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
