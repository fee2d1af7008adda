import type { Delta, DeltaBatch } from '@mingjing/contracts';

/** How many of the last deltas a room remembers, for a client whose snapshot took a moment to read. */
const REMEMBER = 500;

/**
 * The numbered stream of one scope. Numbers start at 0 with the room; `epoch` tells two rooms of the
 * same scope apart, so that a client never takes another room's numbers for a continuation.
 */
export class Room {
  readonly scope: string;
  readonly epoch: string;
  #seq = 0;
  #pending: Delta[] = [];
  #last: Delta[] = [];

  constructor(scope: string, epoch: string) {
    this.scope = scope;
    this.epoch = epoch;
  }

  /** The number of the last delta that was sent. */
  get seq(): number {
    return this.#seq;
  }

  push(delta: Delta): void {
    this.#pending.push(delta);
  }

  /** Numbers what waits and hands it over; undefined when nothing does. */
  flush(): DeltaBatch | undefined {
    if (this.#pending.length === 0) return undefined;
    const deltas = this.#pending;
    this.#pending = [];
    this.#seq += deltas.length;
    this.#last = [...this.#last, ...deltas].slice(-REMEMBER);
    return this.#batch(deltas);
  }

  /** An empty batch with the last number: lets a client see that it missed the end of the stream. */
  beat(): DeltaBatch {
    return this.#batch([]);
  }

  /** What was sent after a number; undefined when that is more than the room remembers. */
  since(seq: number): DeltaBatch | undefined {
    const missing = this.#seq - seq;
    if (missing > this.#last.length) return undefined;
    return this.#batch(missing === 0 ? [] : this.#last.slice(-missing));
  }

  #batch(deltas: Delta[]): DeltaBatch {
    return { scope: this.scope, epoch: this.epoch, seq: this.#seq, deltas };
  }
}
