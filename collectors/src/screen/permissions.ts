import { runningUnmaskingSchema } from '@mingjing/contracts';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Centre } from '../outbox/index.ts';
import { Permission, wordOf } from './permission.ts';

const answerSchema = z.array(runningUnmaskingSchema);

/** Which screens of the collectors' region may be shown unmasked, as the centre said last. */
export class Permissions {
  readonly #log: Pick<Logger, 'warn'>;
  readonly #now: () => number;
  readonly #known = new Map<string, Permission>();

  /** @param now a clock that never jumps, ms */
  constructor(log: Pick<Logger, 'warn'>, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  /** The permission of a screen; it goes on to say what holds. */
  of(screen: string): Permission {
    const known = this.#known.get(screen) ?? new Permission(this.#now);
    this.#known.set(screen, known);
    return known;
  }

  /** Asks the centre. @throws Error when it does not answer: what was allowed then lapses by itself */
  async ask(centre: Pick<Centre, 'get'>, signal: AbortSignal): Promise<void> {
    const askedAt = this.#now();
    const running = answerSchema.parse(await centre.get('/api/service/unmaskings', signal));
    const left = new Map(running.map(({ screen, leftMs }) => [screen, leftMs]));
    for (const screen of new Set([...this.#known.keys(), ...left.keys()])) {
      const permission = this.of(screen);
      const changed = permission.take(left.get(screen) ?? null, askedAt);
      if (changed) this.#log.warn({ screen }, wordOf(permission));
    }
  }
}
