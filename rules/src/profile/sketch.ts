/**
 * Counts of values by their logarithm. Adding is the same in any order, and memory is bounded by the range of
 * the values, not by how many there are.
 */
export class Sketch {
  readonly #perOctave: number;
  readonly #bins = new Map<number, number>();
  #count = 0;

  /** @param perOctave bins per doubling: 32 tell values apart that differ by 2.2 % */
  constructor(perOctave: number) {
    this.#perOctave = perOctave;
  }

  get count(): number {
    return this.#count;
  }

  /** @param value at least 0 */
  add(value: number): void {
    const bin = value > 0 ? Math.round(Math.log2(value) * this.#perOctave) : -Infinity;
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
    this.#count += 1;
  }

  /**
   * The smallest value that at least a share of all values do not exceed, as exact as the bins are.
   * @param share above 0, up to 1
   * @returns NaN of nothing
   */
  quantile(share: number): number {
    let missing = Math.max(1, Math.ceil(share * this.#count));
    for (const [bin, count] of [...this.#bins].sort(([a], [b]) => a - b)) {
      missing -= count;
      if (missing <= 0) return 2 ** (bin / this.#perOctave);
    }
    return Number.NaN;
  }
}
