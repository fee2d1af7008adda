import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createSessionEndings, type SessionEndings } from '../../center-server/src/auth/sessionEndings.ts';
import { createSessions, type Sessions } from '../../center-server/src/auth/sessions.ts';
import {
  centreSchema,
  databaseSchema,
  ingestSchema,
  type CentreConfig,
} from '../../center-server/src/config.ts';
import { openVault } from '../../center-server/src/cameras/vault.ts';
import { openDirectory } from '../../center-server/src/directory.ts';
import { Backtests } from '../../center-server/src/backtest/backtests.ts';
import { openClipSigner } from '../../center-server/src/clips/signing.ts';
import { createApp } from '../../center-server/src/http/app.ts';
import { createIngestWriter } from '../../center-server/src/ingest/writer.ts';
import { closeServer, listen } from '../../center-server/src/listener.ts';
import { createHub } from '../../center-server/src/live/hub.ts';
import { openRulebook } from '../../center-server/src/rulebook.ts';
import { seedCity } from '../../center-server/src/seedCity.ts';
import { openBlobStore } from '../../center-server/src/store/blobs.ts';
import { inTransaction, openPool, type Pool } from '../../center-server/src/store/database.ts';
import { SMALL_CITY } from './city.ts';
import { createTestDatabase } from './db.ts';

/** The password of every user of the small city. */
export const PASSWORD = '明镜高悬-2026';

interface CallOptions {
  /** A Cookie header. */
  cookie?: string;
  /** A bearer token. */
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The body, parsed where it is JSON. */
  body: unknown;
}

/** The HTTP house of a centre on a database of its own, filled with SMALL_CITY, on a clock that stands still. */
export interface TestCentre {
  url: string;
  pool: Pool;
  databaseUrl: string;
  config: CentreConfig;
  sessions: Sessions;
  endings: SessionEndings;
  blobs: ReturnType<typeof openBlobStore>;
  /** Bearer tokens of the city's sources by id. */
  tokens: Record<string, string>;
  /** ms since the epoch; set it to let time pass. */
  clock: { now: number };
  /** "GET /api/wall?region=130681" */
  call(request: string, options?: CallOptions): Promise<Answer>;
  /** Signs in and gives the Cookie header. */
  signIn(username: string, password?: string): Promise<string>;
  close(): Promise<void>;
}

async function send(url: string, request: string, options: CallOptions): Promise<Answer> {
  const [method = 'GET', target = ''] = request.split(' ');
  const headers: Record<string, string> = { ...options.headers };
  if (options.cookie !== undefined) headers['cookie'] = options.cookie;
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  const init: RequestInit = { method, headers, redirect: 'manual' };
  if (options.body !== undefined) {
    headers['content-type'] ??= 'application/json';
    init.body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  }
  const response = await fetch(url + target, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

/** @param centre settings that differ from the defaults */
export async function openTestCentre(centre: Record<string, unknown> = {}): Promise<TestCentre> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mingjing-centre-'));
  const config: CentreConfig = {
    centre: centreSchema.parse({
      dataDir,
      webDir: path.join(dataDir, 'web'),
      signInAttempts: 1000,
      ...centre,
    }),
    database: databaseSchema.parse({ url: 'postgresql://test' }),
    ingest: ingestSchema.parse({}),
  };
  const log = pino({ level: 'silent' });
  const clock = { now: Date.parse('2026-11-23T09:00:00+08:00') };
  const now = () => clock.now;
  let closing = false;
  const failed = (error: unknown) => {
    // Dropping the database cuts off connections that are still saying good-bye.
    if (!closing) throw error;
  };
  const pool = openPool(database.url, 8, failed);
  const by = { actor: 'test', at: now() };
  const { tokens } = await inTransaction(pool, (client) => seedCity(client, by, SMALL_CITY, PASSWORD));
  const directory = await openDirectory(pool, failed);
  const rulebook = await openRulebook(pool, now, failed);
  const hub = createHub({ db: pool, directory, now }, log);
  const writer = createIngestWriter(pool, 1000);
  const blobs = openBlobStore(dataDir);
  const sessions = createSessions({ pool, now, ...config.centre });
  const endings = createSessionEndings({ pool, log, now });
  await endings.start();
  const isRegion = (code: string) => directory.region(code) !== undefined;
  const ingest = { pool, writer, isRegion, now, maxAheadMs: 3_600_000 };
  const backtests = new Backtests(database.url, log);
  const app = createApp({
    ...{
      config,
      pool,
      log,
      now,
      sessions,
      directory,
      blobs,
      clipSigner: openClipSigner(dataDir),
      vault: openVault(config.centre.credentialsKey),
      ingest,
      rules: rulebook,
      hub,
      backtests,
    },
    metrics: new Registry(),
  });
  const server = createServer(app);
  const url = await listen(server, '127.0.0.1', 0);
  const call: TestCentre['call'] = (request, options = {}) => send(url, request, options);
  return {
    ...{ url, pool, databaseUrl: database.url, config, sessions, endings, blobs, tokens, clock, call },
    async signIn(username, password = PASSWORD) {
      const answer = await call('POST /api/session', { body: { username, password } });
      if (answer.status !== 200)
        throw new Error(`${username} cannot sign in: ${JSON.stringify(answer.body)}`);
      return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    },
    async close() {
      closing = true;
      await closeServer(server);
      await endings.stop();
      await backtests.stop();
      hub.stop();
      await rulebook.stop();
      directory.stop();
      await writer.drain();
      await pool.end();
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
}
