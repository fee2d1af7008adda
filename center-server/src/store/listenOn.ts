import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Client, Pool } from './database.ts';

interface News {
  pool: Pool;
  log: Logger;
  channel: string;
  /** Told what a committed change says on the channel. */
  heard: (payload: string) => void;
  /** Told that something may have been missed: the database was away. */
  missed: () => void;
}

const RECONNECT_MS = 1000;

/** Listens to a channel of the database on a connection of its own, again whenever it is lost. */
export async function listenOn(news: News): Promise<{ stop(): Promise<void> }> {
  const { pool, log, channel } = news;
  const stopping = new AbortController();
  let client: Client | undefined;

  async function listen(): Promise<void> {
    const connection = await pool.connect();
    connection.on('notification', (told) => {
      if (told.channel === channel && told.payload !== undefined) news.heard(told.payload);
    });
    connection.on('error', (error) => {
      if (client !== connection) return;
      client = undefined;
      connection.release(error);
      log.warn({ err: error, channel }, 'lost a connection that tells news');
      void reconnect();
    });
    try {
      await connection.query(`LISTEN ${channel}`);
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
      news.missed();
    } catch (error) {
      if (stopping.signal.aborted) return;
      log.warn({ err: error, channel }, 'cannot listen for news yet');
      void reconnect();
    }
  }

  await listen();
  return {
    async stop() {
      stopping.abort();
      const connection = client;
      client = undefined;
      if (!connection) return;
      await connection.query(`UNLISTEN ${channel}`);
      connection.removeAllListeners('notification');
      connection.release();
    },
  };
}
