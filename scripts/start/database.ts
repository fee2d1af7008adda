import { mkdirSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { postgresBinaries } from '../runtime/postgres/binaries.ts';
import { startPostgres } from '../runtime/postgres/server.ts';
import { builtTimescale } from '../runtime/timescale/install.ts';

const CONNECT_MS = 5000;
const DATABASE = 'mingjing';

/** The database of this installation. */
export interface Database {
  url: string;
  /** What it is, for people. */
  description: string;
  onCrash(listener: (log: string) => void): void;
  stop(): Promise<void>;
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // a connection that breaks while it is idle fails the next query; there is nothing to do before
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The URL without its password, for messages. */
function spoken(url: string): string {
  return url.replace(/(\/\/[^:@/]*):[^@/]*@/, '$1:***@');
}

/**
 * A server that the owner of this installation runs.
 * @param name what told its address, for messages
 * @throws Error naming the address and the reason when it cannot be used
 */
export async function useServer(url: string, name: string): Promise<Database> {
  if (!URL.canParse(url) || !/^postgres(ql)?:/.test(url)) {
    throw new Error(`${name} is "${spoken(url)}"; expected postgresql://user:password@host:5432/database`);
  }
  try {
    const [row] = await ask<{ server_version: string }>(url, 'SHOW server_version');
    return {
      url,
      description: `PostgreSQL ${row?.server_version ?? ''} at ${new URL(url).host}`,
      onCrash: () => undefined,
      stop: () => Promise.resolve(),
    };
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
    throw new Error(`${name}: no database at ${spoken(url)}: ${why.replace(/^Error: /, '')}`, {
      cause: error,
    });
  }
}

/** The embedded server, with its data below the data folder. */
export async function startEmbedded(dataDir: string): Promise<Database> {
  const logs = path.join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const server = await startPostgres({
    runtime: postgresBinaries(builtTimescale()),
    data: path.join(dataDir, 'postgres'),
    onLog: (text) => appendFileSync(path.join(logs, 'postgres.log'), text),
  });
  try {
    const admin = server.url('postgres');
    const found = await ask(admin, `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
    if (found.length === 0) await ask(admin, `CREATE DATABASE ${DATABASE}`);
    const [row] = await ask<{ server_version: string }>(admin, 'SHOW server_version');
    const extension = server.timescale ? 'with TimescaleDB' : 'without TimescaleDB: plain tables';
    return {
      url: server.url(DATABASE),
      description: `PostgreSQL ${row?.server_version ?? ''} ${extension}`,
      onCrash: (listener) => server.onCrash(listener),
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Whether no region has been brought in yet. */
export async function isEmpty(url: string): Promise<boolean> {
  const [row] = await ask<{ filled: boolean }>(url, 'SELECT EXISTS (SELECT FROM region) AS filled');
  return row?.filled !== true;
}

/** The code of the region that everything lies below, or undefined while there is none. */
export async function topRegion(url: string): Promise<string | undefined> {
  const [row] = await ask<{ code: string }>(
    url,
    'SELECT code FROM region WHERE parent IS NULL ORDER BY code LIMIT 1',
  );
  return row?.code;
}
