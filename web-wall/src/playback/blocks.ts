/** What was recorded is asked for in pieces of time and kept: a block that lies in the past is asked for once. */
export interface BlockOptions<T> {
  /** How long a block is, in ms; blocks begin at multiples of it. */
  blockMs: number;
  /** How many blocks are kept; those asked for longest ago go first. */
  most: number;
  /** What falls into a span, also what only reaches into it. */
  read: (from: number, to: number, signal: AbortSignal) => Promise<T[]>;
  /** When an item begins: items with the same beginning are one. ms since the epoch. */
  beginOf: (item: T) => number;
  /** ms since the epoch. */
  now: () => number;
  changed: () => void;
}

interface Block<T> {
  items: T[] | null;
  /** When it was asked for, and when it may be asked again; ms since the epoch. */
  askedAt: number;
  againAt: number;
  usedAt: number;
  failure: unknown;
  asking: AbortController | null;
}

/** A block of the present is asked for again after so long; one whose answer failed, too. In ms. */
const YOUNG_MS = 2000;
const RETRY_MS = 5000;
/** Recordings are told of a little after they were made. */
const SETTLED_MS = 120_000;

export class Blocks<T> {
  readonly #options: BlockOptions<T>;
  readonly #blocks = new Map<number, Block<T>>();
  #merged: T[] | null = null;
  #closed = false;

  constructor(options: BlockOptions<T>) {
    this.#options = options;
  }

  /** Sees to it that a span is known. Costs nothing when it is. */
  ensure(from: number, to: number): void {
    const { blockMs, now } = this.#options;
    const until = Math.min(to, now());
    for (let begin = Math.floor(from / blockMs) * blockMs; begin < until; begin += blockMs) this.#ask(begin);
    this.#forget();
  }

  /** Whether it is known what was recorded at an instant. */
  knows(at: number): boolean {
    if (at > this.#options.now()) return true;
    return (this.#blockOf(at)?.items ?? null) !== null;
  }

  /** Why what was recorded at an instant is not known; null while it is known or asked for. */
  failureAt(at: number): unknown {
    const block = this.#blockOf(at);
    return block?.items === null ? block.failure : null;
  }

  /** Everything that is known, in order. */
  get items(): readonly T[] {
    this.#merged ??= this.#merge();
    return this.#merged;
  }

  /** Takes out an item that turned out not to be there any more. */
  remove(item: T): void {
    for (const block of this.#blocks.values())
      if (block.items) block.items = block.items.filter((held) => held !== item);
    this.#merged = null;
  }

  close(): void {
    this.#closed = true;
    for (const { asking } of this.#blocks.values()) asking?.abort();
    this.#blocks.clear();
  }

  #blockOf(at: number): Block<T> | undefined {
    const { blockMs } = this.#options;
    return this.#blocks.get(Math.floor(at / blockMs) * blockMs);
  }

  #merge(): T[] {
    const { beginOf } = this.#options;
    const all = new Map<number, T>();
    // The later answer of two about the same item holds.
    for (const block of [...this.#blocks.values()].sort((one, other) => one.askedAt - other.askedAt))
      for (const item of block.items ?? []) all.set(beginOf(item), item);
    return [...all.values()].sort((one, other) => beginOf(one) - beginOf(other));
  }

  #ask(begin: number): void {
    const now = this.#options.now();
    const held = this.#blocks.get(begin);
    if (held) held.usedAt = now;
    if (held && (held.asking || now < held.againAt)) return;
    const asking = new AbortController();
    const block: Block<T> = held ?? {
      ...{ items: null, askedAt: now, againAt: 0, usedAt: now, failure: null, asking },
    };
    block.asking = asking;
    block.askedAt = now;
    this.#blocks.set(begin, block);
    void this.#read(begin, block, asking.signal);
  }

  async #read(begin: number, block: Block<T>, signal: AbortSignal): Promise<void> {
    const { blockMs, read, now, changed } = this.#options;
    try {
      const items = await read(begin, begin + blockMs, signal);
      const settled = begin + blockMs + SETTLED_MS < now();
      block.items = items;
      block.failure = null;
      block.againAt = settled ? Number.POSITIVE_INFINITY : now() + YOUNG_MS;
    } catch (error) {
      if (signal.aborted) return;
      block.failure = error;
      block.againAt = now() + RETRY_MS;
    } finally {
      block.asking = null;
    }
    this.#merged = null;
    if (!this.#closed) changed();
  }

  #forget(): void {
    const { most } = this.#options;
    if (this.#blocks.size <= most) return;
    const oldest = [...this.#blocks].sort(([, one], [, other]) => one.usedAt - other.usedAt);
    for (const [begin, block] of oldest.slice(0, this.#blocks.size - most)) {
      block.asking?.abort();
      this.#blocks.delete(begin);
    }
    this.#merged = null;
  }
}
