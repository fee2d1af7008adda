import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Millis } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Client, Pool } from '../store/database.ts';
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

const RECONNECT_MS = 1000;

/**
 * Tells when sessions end, whoever ended them: this process, another node or the command line. The
 * database says so on commit; expired sessions are swept here.
 */
export function createSessionEndings({ pool, log, now, sweepEveryMs = 60_000 }: EndingsDeps): SessionEndings {
  const events = new EventEmitter<Events>();
  const stopping = new AbortController();
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const connection = await pool.connect();
    connection.on('notification', ({ channel, payload }) => {
      if (channel === SESSION_ENDED_CHANNEL && payload !== undefined) events.emit('ended', payload);
    });
    connection.on('error', (error) => {
      if (client !== connection) return;
      client = undefined;
      connection.release(error);
      log.warn({ err: error }, 'lost the connection that tells of ended sessions');
      void reconnect();
    });
    try {
      await connection.query(`LISTEN ${SESSION_ENDED_CHANNEL}`);
    } catch (error) {
      connection.release(true);
      throw error;
    }
    client = connection;
  }

  async function reconnect(): Promise<void> {
    try {
      await wait(RECONNECT_MS, undefined, { signal: stopping.signal });
      await listen();
      events.emit('missed');
    } catch (error) {
      if (stopping.signal.aborted) return;
      log.warn({ err: error }, 'cannot listen for ended sessions yet');
      void reconnect();
    }
  }

  return {
    events,
    async start() {
      await listen();
      timer = setInterval(() => {
        deleteExpiredSessions(pool, now()).catch((error: unknown) =>
          log.warn({ err: error }, 'could not sweep expired sessions'),
        );
      }, sweepEveryMs);
      timer.unref();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      const connection = client;
      client = undefined;
      if (!connection) return;
      await connection.query(`UNLISTEN ${SESSION_ENDED_CHANNEL}`);
      connection.removeAllListeners('notification');
      connection.release();
    },
  };
}
