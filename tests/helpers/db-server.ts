import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { PROJECT_DIR } from '../../scripts/runtime/paths.ts';
import { postgresBinaries } from '../../scripts/runtime/postgres/binaries.ts';
import { startPostgres, type PostgresServer } from '../../scripts/runtime/postgres/server.ts';
import { builtTimescale } from '../../scripts/runtime/timescale/install.ts';

/** What a test file asks of the run's database server, one JSON line each way. */
export type DatabaseRequest = { op: 'create'; empty: boolean } | { op: 'drop'; name: string };
export type DatabaseAnswer =
  { ok: true; name: string; url: string; timescale: boolean } | { ok: false; error: string };

/** The databases of one Jest run: one throw-away PostgreSQL, started when the first test asks for it. */
export interface DatabaseServer {
  /** The port of 127.0.0.1 that test files ask. */
  port: number;
  close(): Promise<void>;
}

const MIGRATE = path.join(PROJECT_DIR, 'center-server/src/store/migrate.ts');

/** How long the connections of a database that is dropped may take to close, in ms. */
const LEAVE_MS = 2000;

/** Nothing in a test's database must outlive the run, so durability is off. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: 200,
  shared_buffers: '64MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '1h',
};

function message(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A name for the template that changes with the migrations. */
function templateName(): string {
  const dir = path.join(PROJECT_DIR, 'center-server/migrations');
  const hash = createHash('sha256');
  for (const file of existsSync(dir) ? readdirSync(dir).sort() : []) {
    hash.update(file).update(readFileSync(path.join(dir, file)));
  }
  return `template_${hash.digest('hex').slice(0, 12)}`;
}

interface Cluster {
  server: PostgresServer;
  admin: pg.Pool;
  template: string;
  /** The run is over: connections may end. */
  closing: boolean;
}

async function migrateTemplate(url: string): Promise<void> {
  if (!existsSync(MIGRATE)) return;
  const { migrate } = (await import(MIGRATE)) as { migrate: (databaseUrl: string) => Promise<void> };
  await migrate(url);
}

async function startCluster(dir: string): Promise<Cluster> {
  const server = await startPostgres({
    runtime: postgresBinaries(builtTimescale()),
    data: path.join(dir, 'data'),
    settings: FAST,
    removeAfter: [dir],
  });
  const admin = new pg.Pool({ connectionString: server.url('postgres'), max: 2 });
  const cluster: Cluster = { server, admin, template: templateName(), closing: false };
  admin.on('error', (error) => {
    if (!cluster.closing) process.stderr.write(`tests: the database server's connection: ${error.message}\n`);
  });
  try {
    await admin.query(`CREATE DATABASE ${cluster.template}`);
    await migrateTemplate(server.url(cluster.template));
    return cluster;
  } catch (error) {
    await admin.end();
    await server.stop();
    throw error;
  }
}

/** A pool that has ended is still saying goodbye to the server: it gets a moment before it is thrown out. */
async function untilLeft(admin: pg.Pool, name: string): Promise<void> {
  const deadline = performance.now() + LEAVE_MS;
  while (performance.now() < deadline) {
    const left = await admin.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name]);
    if (left.rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function answer({ server, admin, template }: Cluster, request: DatabaseRequest, count: number) {
  const name = request.op === 'drop' ? request.name : `test_${process.pid}_${count}`;
  if (request.op === 'drop') {
    await untilLeft(admin, name);
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  } else {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${request.empty ? 'template1' : template}`);
  }
  return { ok: true, name, url: server.url(name), timescale: server.timescale } satisfies DatabaseAnswer;
}

/** Opens the door; PostgreSQL itself (about 2 s) starts behind it when the first test file knocks. */
export async function openDatabaseServer(): Promise<DatabaseServer> {
  let cluster: Promise<Cluster> | undefined;
  let count = 0;
  const door = net.createServer((connection) => {
    connection.on('error', () => connection.destroy());
    createInterface({ input: connection }).on('line', (line) => {
      cluster ??= startCluster(mkdtempSync(path.join(tmpdir(), 'mingjing-test-')));
      cluster
        .then((started) => answer(started, JSON.parse(line) as DatabaseRequest, ++count))
        .catch((error: unknown): DatabaseAnswer => ({ ok: false, error: message(error) }))
        .then((reply) => connection.end(`${JSON.stringify(reply)}\n`))
        .catch((error: unknown) => connection.destroy(new Error(message(error))));
    });
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(0, '127.0.0.1', resolve);
  });
  door.unref();
  return {
    port: (door.address() as net.AddressInfo).port,
    async close() {
      await new Promise((resolve) => door.close(resolve));
      // a cluster that did not start has told every test file that asked for it
      const started = await cluster?.catch(() => undefined);
      if (started) started.closing = true;
      await started?.admin.end();
      await started?.server.stop();
    },
  };
}
