import type { SchedulerLike, Subscription } from 'rxjs';
import type { TicketClaims } from '@mingjing/contracts';
import { verifyTicket } from '../ticket.ts';
import { Refusal } from './requests.ts';
import type { Sessions } from './sessions.ts';

interface RightTools {
  ticketKey: string;
  sessions: Pick<Sessions, 'hasEnded' | 'onEnd'>;
  scheduler: SchedulerLike;
}

/** A socket that has shown no good ticket for so long is ended: nobody holds sockets open for nothing. */
export const HELLO_WITHIN_MS = 10_000;
/** Timers hold 24 days at most; a ticket is looked at again at least this often. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * A viewer's right to watch: begins with a ticket, is renewed with others, and ends with the ticket or with the
 * session for which the centre gave it, whichever comes first.
 */
export class Right {
  readonly #tools: RightTools;
  readonly #onEnd: () => void;
  #claims: TicketClaims | undefined;
  #timer: Subscription;
  #unfollow: () => void = () => undefined;
  #closed = false;

  /** @param onEnd the right has ended, or never began in time */
  constructor(tools: RightTools, onEnd: () => void) {
    this.#tools = tools;
    this.#onEnd = onEnd;
    this.#timer = tools.scheduler.schedule(onEnd, HELLO_WITHIN_MS);
  }

  /** What the viewer may do now. @throws Refusal */
  check(): TicketClaims {
    if (this.#closed) throw new Refusal('the connection has ended');
    if (!this.#claims) throw new Refusal('say hello first, with a ticket');
    if (this.#claims.expiresAt <= this.#tools.scheduler.now()) throw new Refusal('the ticket has expired');
    return this.#claims;
  }

  /** Takes a ticket, in place of the one before. @throws Refusal when it is not good */
  begin(ticket: string): void {
    this.#take(this.#verify(ticket));
  }

  /** Takes a newer ticket of the same user, region and session. @throws Refusal */
  renew(ticket: string): void {
    const before = this.check();
    const claims = this.#verify(ticket);
    if (claims.user !== before.user || claims.region !== before.region || claims.session !== before.session) {
      throw new Refusal('the ticket is for another user, session or region: connect anew');
    }
    this.#take(claims);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#timer.unsubscribe();
    this.#unfollow();
  }

  #verify(ticket: string): TicketClaims {
    const { ticketKey, sessions, scheduler } = this.#tools;
    const check = verifyTicket(ticket, ticketKey, scheduler.now());
    if (!check.ok) throw new Refusal(check.reason);
    if (sessions.hasEnded(check.claims)) throw new Refusal('the session of this ticket has ended');
    return check.claims;
  }

  #take(claims: TicketClaims): void {
    if (this.#closed) throw new Refusal('the connection has ended');
    this.#claims = claims;
    this.#unfollow();
    this.#unfollow = this.#tools.sessions.onEnd(claims, this.#onEnd);
    this.#awaitExpiry(claims.expiresAt);
  }

  #awaitExpiry(expiresAt: number): void {
    const { scheduler } = this.#tools;
    this.#timer.unsubscribe();
    this.#timer = scheduler.schedule(
      () => {
        if (expiresAt > scheduler.now()) this.#awaitExpiry(expiresAt);
        else this.#onEnd();
      },
      Math.min(expiresAt - scheduler.now(), LOOK_AGAIN_MS),
    );
  }
}
