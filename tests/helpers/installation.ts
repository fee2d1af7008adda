import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  CLOUDEVENT_BATCH,
  ingestAnswerSchema,
  type CityPlan,
  type CloudEvent,
  type IngestAnswer,
} from '@mingjing/contracts';
import { openPool, type Pool } from '../../center-server/src/store/database.ts';
import { PROJECT_DIR } from '../../scripts/runtime/paths.ts';
import { SMALL_CITY } from './city.ts';
import { createTestDatabase } from './db.ts';
import { until } from './until.ts';
import { makeSecrets, startCentre, type RunningProcess, type Secrets } from './processes.ts';

/** The password of every user of the city. */
export const PASSWORD = '明镜高悬-2026';

export interface Call {
  /** A Cookie header. */
  cookie?: string;
  /** A bearer token. */
  token?: string;
  /** Text and bytes go as they are; anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The body, parsed where it is JSON. */
  body: unknown;
}

/** A real centre on a database of its own, filled by the real command line. */
export interface Installation {
  url: string;
  databaseUrl: string;
  /** To look into the database, and to check what the centre has made of it. */
  pool: Pool;
  secrets: Secrets;
  /** Bearer tokens of the city's sources by id. */
  tokens: Record<string, string>;
  centre: RunningProcess;
  /** As a power cut of the centre. */
  killCentre(): Promise<void>;
  /** Starts the centre again at the same address, on the same data. */
  restartCentre(): Promise<void>;
  /** "GET /api/wall?region=130681" */
  call(request: string, options?: Call): Promise<Answer>;
  /** Signs in and gives the Cookie header. */
  signIn(username: string): Promise<string>;
  /** Hands events in. @throws Error when the request as a whole is refused */
  post(sourceId: string, events: unknown[]): Promise<IngestAnswer>;
  /** Waits until everything handed in is folded and judged: what tells of the past is judged a few seconds later. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const SETTLED_WITHIN_MS = 90_000;

/** How many observations and due clocks wait. */
const WAITING = `
  SELECT (SELECT coalesce(max(last_seq), 0) FROM inbox_commit) - (SELECT coalesce(max(seq), 0) FROM pipeline_cursor)
       + (SELECT count(*) FROM due_look WHERE next_at <= now()) AS n`;

/** A port that nobody holds now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs a command of the centre, as `mingjing COMMAND` does. @returns its standard output */
export async function runCommand(
  command: string,
  args: string[],
  env: Record<string, string>,
): Promise<string> {
  const entry = path.join(PROJECT_DIR, `center-server/src/cli/${command}.ts`);
  const { stdout } = await promisify(execFile)(process.execPath, [entry, ...args], {
    cwd: tmpdir(), // not the checkout: its owner's mingjing.yaml is not meant
    env: { PATH: process.env['PATH'], ...env },
  });
  return stdout;
}

async function seed(databaseUrl: string, plan: CityPlan): Promise<Record<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-city-'));
  const file = path.join(folder, 'city.yaml');
  writeFileSync(file, JSON.stringify(plan));
  try {
    const output = await runCommand('seed', [file, '--json'], {
      MINGJING_DATABASE_URL: databaseUrl,
      MINGJING_SEED_PASSWORD: PASSWORD,
    });
    return JSON.parse(output) as Record<string, string>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body);
}

/** One request to a server of the house. */
export async function send(url: string, request: string, options: Call = {}): Promise<Answer> {
  const [method = 'GET', target = ''] = request.split(' ');
  const headers: Record<string, string> = { ...options.headers };
  if (options.cookie !== undefined) headers['cookie'] = options.cookie;
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  const init: RequestInit = { method, headers, redirect: 'manual' };
  if (options.body !== undefined) {
    headers['content-type'] ??= 'application/json';
    init.body = bodyOf(options.body);
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

/**
 * Opens an installation.
 * @param options plan: the city, SMALL_CITY unless told; env: MINGJING_… of the centre
 */
export async function openInstallation(
  options: { plan?: CityPlan; env?: Record<string, string> } = {},
): Promise<Installation> {
  const database = await createTestDatabase();
  const tokens = await seed(database.url, options.plan ?? SMALL_CITY);
  const secrets = makeSecrets();
  const pool = openPool(database.url, 4, (error) => {
    throw error;
  });
  const env = {
    MINGJING_CENTRE_PORT: String(await freePort()),
    MINGJING_CENTRE_LOG_LEVEL: 'warn',
    ...options.env,
  };
  const start = (dataDir?: string) =>
    startCentre({ databaseUrl: database.url, secrets, env, ...(dataDir === undefined ? {} : { dataDir }) });
  let centre = await start();
  const call: Installation['call'] = (request, how) => send(centre.url, request, how);
  return {
    ...{ databaseUrl: database.url, pool, secrets, tokens, call },
    get url() {
      return centre.url;
    },
    get centre() {
      return centre;
    },
    killCentre: () => centre.kill9(),
    async restartCentre() {
      centre = await start(centre.dataDir);
    },
    async signIn(username) {
      const answer = await call('POST /api/session', { body: { username, password: PASSWORD } });
      if (answer.status !== 200)
        throw new Error(`${username} cannot sign in: ${JSON.stringify(answer.body)}`);
      return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    },
    async post(sourceId, events) {
      const token = tokens[sourceId] ?? '';
      const headers = { 'content-type': CLOUDEVENT_BATCH };
      const answer = await call('POST /api/ingest', { token, headers, body: JSON.stringify(events) });
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return ingestAnswerSchema.parse(answer.body);
    },
    async settled() {
      const waiting = async () => (await pool.query<{ n: number }>(WAITING)).rows[0]?.n ?? 0;
      await until(waiting, (n) => n === 0, SETTLED_WITHIN_MS);
    },
    async close() {
      await centre.stop();
      await pool.end();
      await database.drop();
    },
  };
}

let made = 0;

/** An event of the source `zz-approval` on a case of 涿州市, unless told otherwise. */
export function caseEvent(
  type: string,
  time: string,
  data: Record<string, unknown>,
  envelope: Record<string, unknown> = {},
): CloudEvent {
  made += 1;
  return {
    specversion: '1.0',
    id: `event-${made}`,
    source: 'zz-approval',
    type,
    time,
    data: { region: '130681', ...data },
    ...envelope,
  };
}

/** RFC 3339 so many days before now. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}
