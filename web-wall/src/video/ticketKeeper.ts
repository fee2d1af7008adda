import type { MediaTicket } from '@mingjing/contracts';

const RENEW_BEFORE_MS = 60_000;
const RETRY_MS = 5_000;

/** Holds a ticket that is good, and fetches the next one a minute before it ends. */
export class TicketKeeper {
  readonly #fetch: () => Promise<MediaTicket>;
  readonly #renewed: (ticket: MediaTicket) => void;
  #ticket: MediaTicket | null = null;
  #asking: Promise<MediaTicket> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** @param renewed told of every ticket that is fetched, the first too */
  constructor(fetch: () => Promise<MediaTicket>, renewed: (ticket: MediaTicket) => void) {
    this.#fetch = fetch;
    this.#renewed = renewed;
  }

  /** A ticket that is good for a while yet. @throws what the fetch threw */
  async current(): Promise<MediaTicket> {
    if (this.#ticket && this.#ticket.expiresAt - Date.now() > RETRY_MS) return this.#ticket;
    this.#asking ??= this.#fetch().finally(() => (this.#asking = null));
    const ticket = await this.#asking;
    if (this.#ticket !== ticket && !this.#closed) this.#hold(ticket);
    return ticket;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #hold(ticket: MediaTicket): void {
    this.#ticket = ticket;
    this.#renewed(ticket);
    this.#renewIn(Math.max(RETRY_MS, ticket.expiresAt - Date.now() - RENEW_BEFORE_MS));
  }

  #renewIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // While the centre is away the old ticket goes on; the next try is soon.
      this.#fetch().then(
        (next) => {
          if (!this.#closed) this.#hold(next);
        },
        () => {
          if (!this.#closed) this.#renewIn(RETRY_MS);
        },
      );
    }, ms);
  }
}
