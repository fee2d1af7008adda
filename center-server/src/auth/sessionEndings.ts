import { EventEmitter } from 'node:events';
import type { Millis } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Pool } from '../store/database.ts';
import { listenOn } from '../store/listenOn.ts';
import { deleteExpiredSessions } from '../store/sessions/deleteExpiredSessions.ts';
import { SESSION_ENDED_CHANNEL } from '../store/sessions/channel.ts';

interface Events {
  /** A session ended: signed out, disabled, changed or expired. The argument is `SignedIn.sessionId`. */
  ended: [sessionId: string];
  /** Some endings may have been missed (the database was away): every session must be looked up again. */
  missed: [];
}

export interface SessionEndings {
  readonly events: EventEmitter<Events>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface EndingsDeps {
  pool: Pool;
  log: Logger;
  now: () => Millis;
  /** How often expired sessions are swept, ms. */
  sweepEveryMs?: number;
}

/**
 * Tells when sessions end, whoever ended them: this process, another node or the command line. The
 * database says so on commit; expired sessions are swept here.
 */
export function createSessionEndings({ pool, log, now, sweepEveryMs = 60_000 }: EndingsDeps): SessionEndings {
  const events = new EventEmitter<Events>();
  let timer: NodeJS.Timeout | undefined;
  let news: Awaited<ReturnType<typeof listenOn>> | undefined;

  return {
    events,
    async start() {
      news = await listenOn({
        ...{ pool, log, channel: SESSION_ENDED_CHANNEL },
        heard: (sessionId) => events.emit('ended', sessionId),
        missed: () => events.emit('missed'),
      });
      timer = setInterval(() => {
        deleteExpiredSessions(pool, now()).catch((error: unknown) =>
          log.warn({ err: error }, 'could not sweep expired sessions'),
        );
      }, sweepEveryMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await news?.stop();
    },
  };
}
