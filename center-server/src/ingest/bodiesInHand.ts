import type { IncomingMessage, ServerResponse } from 'node:http';
import { BusyError } from './writer.ts';

/** The most that a body can take: what it says of its length, unless it says nothing or is packed. */
function bytesOf({ headers }: IncomingMessage, limit: number): number {
  const packed = (headers['content-encoding'] ?? 'identity') !== 'identity';
  const length = Number(headers['content-length'] ?? Number.NaN);
  return packed || Number.isNaN(length) ? limit : Math.min(length, limit);
}

/**
 * Bounds the memory that bodies take together, however many senders come at once.
 * @param most bytes that may be in hand
 */
export class BodiesInHand {
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes a body in hand until its answer was sent or its sender has gone.
   * @param limit bytes that the body may have
   * @throws BusyError when too much is in hand
   */
  admit(request: IncomingMessage, response: ServerResponse, limit: number): void {
    const bytes = bytesOf(request, limit);
    if (this.#bytes > 0 && this.#bytes + bytes > this.#most) {
      throw new BusyError(`${this.#bytes} bytes are being read`, 1);
    }
    this.#bytes += bytes;
    response.once('close', () => (this.#bytes -= bytes));
  }
}
