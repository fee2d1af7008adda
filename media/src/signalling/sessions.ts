import type { SchedulerLike, Subscription } from 'rxjs';
import { sessionCheckAnswerSchema } from '@mingjing/contracts';
import type { TicketClaims } from '@mingjing/contracts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';

interface SessionsOptions {
  centreUrl: string;
  /** The token of the source `media`. */
  token: string;
  scheduler: SchedulerLike;
  log: Log;
}

interface Known {
  /** Until when a ticket of this session is good, ms since the epoch. */
  until: number;
  ended: boolean;
  listeners: Set<() => void>;
}

/** How often the centre is asked: a right that was taken away ends within about so long. In ms. */
const ASK_EVERY_MS = 2000;
const ANSWER_WITHIN_MS = 5000;
/** So many sessions are asked about at once. */
const AT_ONCE = 1000;

/**
 * The sessions for which the centre gave tickets that were shown here. A ticket is good for minutes; whoever signs
 * out, is disabled or gets other rights loses it at once, so the centre is asked again and again which sessions are
 * no more. While it does not answer, tickets are good until they end.
 */
export class Sessions {
  readonly name = 'sessions';
  readonly #options: SessionsOptions;
  readonly #known = new Map<string, Known>();
  #timer: Subscription | undefined;
  #asking: Promise<void> = Promise.resolve();
  #stopped = false;
  #lastProblem: string | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.scheduler.schedule(() => {
      this.#asking = this.check().then(() => {
        if (!this.#stopped) this.start();
      });
    }, ASK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    await this.#asking;
  }

  /** Whether the centre has said that a ticket's session is no more. From now on it is asked about it. */
  hasEnded({ session, expiresAt }: TicketClaims): boolean {
    return this.#note(session, expiresAt).ended;
  }

  /**
   * Calls back when a ticket's session has ended.
   * @returns how to stop listening
   */
  onEnd({ session, expiresAt }: TicketClaims, ended: () => void): () => void {
    const own = () => ended();
    const { listeners } = this.#note(session, expiresAt);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Asks the centre now; never rejects. */
  async check(): Promise<void> {
    const now = this.#options.scheduler.now();
    for (const [session, { until }] of this.#known) if (until <= now) this.#known.delete(session);
    const open = [...this.#known].filter(([, { ended }]) => !ended).map(([session]) => session);
    try {
      for (let from = 0; from < open.length; from += AT_ONCE) {
        for (const session of await this.#ask(open.slice(from, from + AT_ONCE))) this.#end(session);
      }
      this.#lastProblem = undefined;
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem) {
        const { log, centreUrl } = this.#options;
        log.warn({ centreUrl, problem: message }, 'the centre cannot be asked who is still signed in');
      }
      this.#lastProblem = message;
    }
  }

  async #ask(sessions: readonly string[]): Promise<string[]> {
    const { centreUrl, token } = this.#options;
    const answer = await fetch(new URL('/api/service/sessions/check', centreUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sessions }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return sessionCheckAnswerSchema.parse(await answer.json()).ended;
  }

  #end(session: string): void {
    const known = this.#known.get(session);
    if (!known) return;
    known.ended = true;
    for (const listener of [...known.listeners]) listener();
    known.listeners.clear();
  }

  #note(session: string, until: number): Known {
    const known = this.#known.get(session) ?? { until, ended: false, listeners: new Set() };
    known.until = Math.max(known.until, until);
    this.#known.set(session, known);
    return known;
  }
}
