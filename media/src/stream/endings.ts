import type { SchedulerLike } from 'rxjs';
import type { Log } from '../log.ts';

/** A process that is killed is gone at once; one that is not after so long hangs in the system. In ms. */
const GONE_WITHIN_MS = 5000;

/** The processes that pull from cameras, until they have ended: a camera is pulled anew only when the last pull is over. */
export class Endings {
  readonly #scheduler: SchedulerLike;
  readonly #log: Log;
  readonly #running = new Map<string, Set<Promise<void>>>();
  /** How many were killed and are still there. */
  stuck = 0;

  constructor(scheduler: SchedulerLike, log: Log) {
    this.#scheduler = scheduler;
    this.#log = log;
  }

  /** @param ended resolves when the process is gone */
  track(pull: string, ended: Promise<void>): void {
    const all = this.#running.get(pull) ?? new Set();
    this.#running.set(pull, all);
    all.add(ended);
    void ended.then(() => {
      all.delete(ended);
      if (all.size === 0 && this.#running.get(pull) === all) this.#running.delete(pull);
    });
  }

  /** Call when one was killed: reported when it does not end. */
  watch(pull: string, ended: Promise<void>): void {
    let counted = false;
    const limit = this.#scheduler.schedule(() => {
      counted = true;
      this.stuck += 1;
      this.#log.error({ pull }, 'a killed ffmpeg has not ended; the camera is tried without waiting for it');
    }, GONE_WITHIN_MS);
    void ended.then(() => {
      limit.unsubscribe();
      if (counted) this.stuck -= 1;
    });
  }

  /** Waits until nothing pulls there any more, but no longer than a killed process may take. */
  async settled(pull: string): Promise<void> {
    const all = this.#running.get(pull);
    if (!all) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const limit = this.#scheduler.schedule(() => resolve(undefined), GONE_WITHIN_MS);
    await Promise.race([promise, Promise.all(all)]);
    limit.unsubscribe();
  }
}
