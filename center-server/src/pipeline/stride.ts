import type { Logger } from 'pino';
import { liesInTheWork } from '../store/faults.ts';

/** How much a step takes at once when all is well. */
export const WHOLE = 2000;

interface Work<T> {
  /** Does at most so many, in one transaction. */
  step: (most: number) => Promise<T>;
  /** Puts the next one out of the way, where it cannot be done even alone. */
  setAside: (error: Error) => Promise<T>;
}

/**
 * Keeps one bad case or observation from stopping all others: what fails is tried again with half as
 * many, until the bad one stands alone and is set aside. After each success twice as many are taken, so
 * that nothing is set aside that has not failed twice.
 */
export class Stride {
  #most = WHOLE;

  /** @throws whatever has nothing to do with the work itself (the database is away): try again later */
  async take<T>({ step, setAside }: Work<T>, log: Logger): Promise<T> {
    for (;;) {
      try {
        const done = await step(this.#most);
        this.#grow();
        return done;
      } catch (error) {
        if (!liesInTheWork(error)) throw error;
        log.warn({ err: error, most: this.#most }, 'a pipeline step failed; trying with fewer');
        if (this.#most === 1) {
          this.#grow();
          return await setAside(error);
        }
        this.#most = Math.ceil(this.#most / 2);
      }
    }
  }

  #grow(): void {
    this.#most = Math.min(WHOLE, this.#most * 2);
  }
}
