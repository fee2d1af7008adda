/** What was unusual in a log, counted, with the first place of each kind as an example. */
export class Tally {
  readonly #found = new Map<string, { count: number; example: string }>();

  /**
   * @param what the kind of thing, as a sentence that can follow a number: "events without a time were left out"
   * @param where the case and line of this one
   */
  note(what: string, where: string): void {
    const found = this.#found.get(what);
    if (found) found.count += 1;
    else this.#found.set(what, { count: 1, example: where });
  }

  count(what: string): number {
    return this.#found.get(what)?.count ?? 0;
  }

  /** One line per kind: "3 events without a time were left out (the first: case-7, line 120)". */
  lines(): string[] {
    return [...this.#found].map(([what, { count, example }]) => `${count} ${what} (the first: ${example})`);
  }
}
