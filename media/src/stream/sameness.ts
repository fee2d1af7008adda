/** The same picture for so long is no live picture. In ms. */
export const SAME_AFTER_MS = 4000;

/**
 * Notices that a camera goes on sending, and always the same picture: its encoder hangs. Compared are the stills, byte
 * for byte. A sensor is never quite still: at night, too, its noise changes some coefficient of every picture, while
 * a picture that is encoded again comes out the same (docs/decisions/0011).
 */
export class Sameness {
  #picture: Buffer | undefined;
  #since = 0;

  /** @param now ms of a clock that nobody sets. @returns for how long it has been the same picture, in ms */
  saw(picture: Buffer, now: number): number {
    if (!this.#picture?.equals(picture)) {
      this.#picture = picture;
      this.#since = now;
    }
    return now - this.#since;
  }
}
