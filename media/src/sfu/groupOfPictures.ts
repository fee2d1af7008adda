import { beginsKeyFrame, timeOf } from './rtp.ts';

/** A camera whose groups are larger gets none kept: its viewers wait for the next key frame. In bytes. */
const MOST_KEPT = 16 * 1024 * 1024;

type Listener = (packet: Buffer, isFirst: boolean) => void;

/** The packets of one stream since its last key frame began, for those who join in the middle of it. */
export class GroupOfPictures {
  readonly #mostKept: number;
  #packets: Buffer[] = [];
  #bytes = 0;
  #began: number | undefined;
  readonly #listeners = new Set<Listener>();

  /** @param mostKept in bytes */
  constructor(mostKept = MOST_KEPT) {
    this.#mostKept = mostKept;
  }

  /** A packet as it came, in order. */
  push(packet: Buffer): void {
    const isFirst = beginsKeyFrame(packet) && timeOf(packet) !== this.#began;
    if (isFirst) {
      this.#packets = [];
      this.#bytes = 0;
      this.#began = timeOf(packet);
    }
    this.#bytes += packet.length;
    if (this.#began !== undefined && this.#bytes <= this.#mostKept) this.#packets.push(packet);
    else this.#packets = [];
    for (const listener of [...this.#listeners]) listener(packet, isFirst);
  }

  /** The group has become too large to be kept: who joins now sees nothing before the next key frame. */
  get isTooLarge(): boolean {
    return this.#bytes > this.#mostKept;
  }

  /** The group so far, from the first packet of its key frame on; empty while none is kept. */
  get packets(): readonly Buffer[] {
    return this.#packets;
  }

  /** Hears of every further packet, and whether another group begins with it. @returns how to leave */
  subscribe(listener: Listener): () => void {
    const own: Listener = (packet, isFirst) => listener(packet, isFirst);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}
