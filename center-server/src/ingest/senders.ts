import type { Millis } from '@mingjing/contracts';

/** Who has sent something again will do so once more within this time: a time-out hits many a batch. */
const DOUBTED_MS = 60_000;

/**
 * Which sources have lately sent something that was stored before. Only of these it is looked up what is known;
 * the others' events are taken as new, and the store's unique key tells where that was wrong.
 */
export class Senders {
  readonly #lastAgain = new Map<string, Millis>();

  /** Something of a source had been stored before. @param at ms since the epoch */
  sentAgain(source: string, at: Millis): void {
    for (const [old, last] of this.#lastAgain) if (at - last >= DOUBTED_MS) this.#lastAgain.delete(old);
    this.#lastAgain.set(source, at);
  }

  sendsAnew({ source, receivedAt }: { source: string; receivedAt: Millis }): boolean {
    const last = this.#lastAgain.get(source);
    return last === undefined || receivedAt - last >= DOUBTED_MS;
  }
}
