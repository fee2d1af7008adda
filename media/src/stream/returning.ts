import type { SchedulerLike, Subscription } from 'rxjs';

/** How often a camera that is waited for is asked. In ms. */
const ASK_EVERY_MS = 2000;

/** What a camera answers to a cheap question, as far as it tells states apart; null: nothing. */
export type Ask = () => Promise<string | null>;

/**
 * Notices that a camera is back while the next try is still far: it answers otherwise than before, or answers again.
 * A camera that goes on answering the same is not back; it is tried as the ladder says.
 */
export class Returning {
  readonly #ask: Ask;
  readonly #scheduler: SchedulerLike;
  /** What it said last; undefined when it was not asked yet. */
  #last: string | null | undefined;
  #timer: Subscription | undefined;
  #round = 0;

  constructor(ask: Ask, scheduler: SchedulerLike) {
    this.#ask = ask;
    this.#scheduler = scheduler;
  }

  /** Asks at once and then every 2 s, until it is back or `stop` is called. */
  wait(onReturn: () => void): void {
    this.stop();
    const round = this.#round;
    const look = (): void => {
      void this.#look(round).then((back) => {
        if (round !== this.#round) return;
        if (back) onReturn();
        else this.#timer = this.#scheduler.schedule(look, ASK_EVERY_MS);
      });
    };
    look();
  }

  stop(): void {
    this.#round += 1;
    this.#timer?.unsubscribe();
  }

  async #look(round: number): Promise<boolean> {
    const answer = await this.#ask().catch(() => null);
    if (round !== this.#round) return false;
    const before = this.#last;
    this.#last = answer;
    return before !== undefined && answer !== null && answer !== before;
  }
}
