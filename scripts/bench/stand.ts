import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { postgresBinaries } from '../runtime/postgres/binaries.ts';
import { startPostgres } from '../runtime/postgres/server.ts';
import { startChild } from '../runtime/process/child.ts';
import { buildTimescale } from '../runtime/timescale/install.ts';

const REGION = '130681';

/** A database and a centre of their own, thrown away after the suite. */
export interface Stand {
  databaseUrl: string;
  centreUrl: string;
  /** Bearer token of the source `bench`, which reports REGION. */
  token: string;
  region: string;
  pool: pg.Pool;
  /** Ends the centre; the database stays. */
  stopCentre(): Promise<void>;
  /** Starts the centre again, at another address; resolves when it listens. @returns its process id */
  startCentre(): Promise<number>;
  close(): Promise<void>;
}

async function prepare(pool: pg.Pool, token: string): Promise<void> {
  await pool.query(
    `INSERT INTO region (code, name, name_en, tier, parent) VALUES
       ('130600', '保定市', 'Baoding', 'city', NULL), ('130681', '涿州市', 'Zhuozhou', 'county', '130600')`,
  );
  const hash = createHash('sha256').update(token).digest();
  await pool.query(
    `INSERT INTO source (id, name, kind, region, token_hash) VALUES ('bench', 'bench', 'http-push', $1, $2)`,
    [REGION, hash],
  );
}

/** Starts PostgreSQL with TimescaleDB (durable, as in production) and a centre on free ports. */
export async function openStand(log: (line: string) => void): Promise<Stand> {
  log('starting a database and a centre');
  const dir = mkdtempSync(path.join(tmpdir(), 'mingjing-bench-'));
  const config = path.join(dir, 'mingjing.yaml');
  writeFileSync(config, '');
  const server = await startPostgres({
    runtime: postgresBinaries(await buildTimescale(log)),
    data: path.join(dir, 'data'),
    settings: { shared_buffers: '512MB', max_wal_size: '4GB' },
    removeAfter: [dir],
  });
  const pool = new pg.Pool({ connectionString: server.url('postgres'), max: 4 });
  pool.on('error', (error) => log(error.message));
  await pool.query('CREATE DATABASE bench');
  await pool.end();

  const databaseUrl = server.url('bench');
  const start = () =>
    startChild({
      name: 'centre',
      command: process.execPath,
      args: [path.join(PROJECT_DIR, 'center-server/src/main.ts')],
      cwd: PROJECT_DIR,
      env: {
        PATH: process.env['PATH'],
        MINGJING_CONFIG: config,
        MINGJING_DATABASE_URL: databaseUrl,
        MINGJING_CENTRE_PORT: '0',
        MINGJING_CENTRE_SECRET: randomBytes(24).toString('hex'),
        MINGJING_CENTRE_TICKET_KEY: randomBytes(24).toString('hex'),
        MINGJING_CENTRE_DATA_DIR: dir,
        MINGJING_CENTRE_SIGN_IN_ATTEMPTS: '100000',
      },
    });
  let centre = start();
  const centreUrl = await centre.listening;
  const bench = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  bench.on('error', (error) => log(error.message));
  const token = randomBytes(24).toString('hex');
  await prepare(bench, token);
  // The centre reads its regions anew every few seconds: wait until it knows ours.
  await untilKnown(centreUrl, token);
  const stand: Stand = {
    ...{ databaseUrl, centreUrl, token, region: REGION, pool: bench },
    stopCentre: () => centre.stop(),
    async startCentre() {
      centre = start();
      stand.centreUrl = await centre.listening;
      return centre.pid;
    },
    async close() {
      await bench.end();
      await centre.stop();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return stand;
}

/** Posts a batch of CloudEvents. @throws Error with the centre's answer when it is not 200 */
export async function post(
  stand: Pick<Stand, 'centreUrl' | 'token'>,
  body: string,
): Promise<{ stored: number; rejected: number }> {
  const answer = await fetch(`${stand.centreUrl}/api/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${stand.token}` },
    body,
  });
  if (!answer.ok) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { stored: number; rejected: number };
}

async function untilKnown(centreUrl: string, token: string): Promise<void> {
  const probe = JSON.stringify([
    {
      specversion: '1.0',
      id: 'probe',
      source: 'bench',
      type: 'heartbeat',
      time: new Date().toISOString(),
      data: { region: REGION },
    },
  ]);
  for (let attempt = 0; attempt < 60; attempt++) {
    if ((await post({ centreUrl, token }, probe)).rejected === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the centre did not learn of the region in 30 s');
}
