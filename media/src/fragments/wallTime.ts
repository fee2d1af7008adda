/** A time that is off by more than this was moved by hand or by a time server: it is taken at once. In ms. */
const JUMP_MS = 5000;
/** So far the arrival may be behind what is reckoned before anybody believes that it is more than a hitch. In ms. */
const BEHIND_MS = 500;
/** For so long it has been behind without a break: a camera whose clock is slow. In ms. */
const BELIEVED_AFTER_MS = 15_000;

/**
 * Tells the wall-clock time of media time from when fragments arrive. What arrives earliest came with the least
 * delay and sets the time; what hitches on its way does not move it.
 */
export class WallTime {
  /** What is added to media time, ms. */
  #offset: number | undefined;
  #behindSince: number | undefined;
  /** The least by which it was behind since then. */
  #behindBy = Infinity;

  /**
   * @param mediaTime when the fragment begins, and its length, in seconds of media time
   * @param now when it had arrived whole, in ms since the epoch
   * @returns the wall-clock time of its beginning, in ms since the epoch
   */
  of({ mediaTime, duration }: { mediaTime: number; duration: number }, now: number): number {
    const seen = now - (mediaTime + duration) * 1000;
    this.#offset ??= seen;
    const behind = seen - this.#offset;
    if (behind < 0 || behind > JUMP_MS) this.#set(seen);
    else if (behind <= BEHIND_MS) this.#behindSince = undefined;
    else this.#wait(behind, now);
    return Math.round(this.#offset + mediaTime * 1000);
  }

  #wait(behind: number, now: number): void {
    if (this.#behindSince === undefined) {
      this.#behindSince = now;
      this.#behindBy = Infinity;
    }
    this.#behindBy = Math.min(this.#behindBy, behind);
    if (now - this.#behindSince >= BELIEVED_AFTER_MS) this.#set((this.#offset ?? 0) + this.#behindBy);
  }

  #set(offset: number): void {
    this.#offset = offset;
    this.#behindSince = undefined;
  }
}
