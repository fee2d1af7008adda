import type { types } from 'mediasoup';
import type { Watching, Viewings } from '../viewings/viewings.ts';

/** Which of a viewer's pictures are seen: a viewing lasts while its consumer is sent. */
export class Seen {
  readonly #viewings: Viewings;
  /** How each ends, by consumer. */
  readonly #ends = new Map<string, () => void>();

  constructor(viewings: Viewings) {
    this.#viewings = viewings;
  }

  /** From now on it is seen, until it is paused or ends. One that is seen already stays one viewing. */
  begin(consumer: types.Consumer, viewing: Omit<Watching, 'carriedBy'>): void {
    const { id } = consumer;
    if (this.#ends.has(id) || consumer.closed) return;
    this.#ends.set(id, this.#viewings.begin({ ...viewing, carriedBy: 'webrtc' }));
    consumer.observer.once('close', () => this.end(id));
  }

  /** One that is not seen is not missed. */
  end(id: string): void {
    this.#ends.get(id)?.();
    this.#ends.delete(id);
  }
}
