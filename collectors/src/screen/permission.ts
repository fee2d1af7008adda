/** A permission that the centre has not confirmed for so long counts for nothing: it may have been ended. In ms. */
const UNCONFIRMED_MS = 30_000;
/** How often the centre is asked what may be shown unmasked, ms. */
export const ASK_MS = 5000;

/** Whether a screen may be shown unmasked: ends by time, also while the centre cannot be reached. */
export class Permission {
  readonly #now: () => number;
  /** By this machine's steady clock; ms. */
  #until = -Infinity;

  /** @param now a clock that never jumps, ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  get holds(): boolean {
    return this.#now() < this.#until;
  }

  /**
   * Takes over what the centre says.
   * @param leftMs for how long yet; null: not at all
   * @param askedAt when it was asked, by the steady clock
   * @returns whether that changed anything for now
   */
  take(leftMs: number | null, askedAt: number): boolean {
    const before = this.holds;
    this.#until = leftMs === null ? -Infinity : askedAt + Math.min(leftMs, UNCONFIRMED_MS);
    return this.holds !== before;
  }
}

/** What is logged where a screen is looked at, as often as it changes. */
export const wordOf = ({ holds }: Permission): string =>
  holds ? '本屏正被授权查看未遮盖画面 shown unmasked now' : '未遮盖查看已结束 masked again';
