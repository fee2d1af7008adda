import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseInstant } from '@mingjing/contracts';
import type { NewObservation } from '../center-server/src/ingest/check.ts';
import { inTransaction, openPool, type Pool } from '../center-server/src/store/database.ts';
import { dumpSchema } from '../center-server/src/store/dumpSchema.ts';
import { migrate } from '../center-server/src/store/migrate.ts';
import { insertObservations } from '../center-server/src/store/observations/insertObservations.ts';
import { maintainObservations } from '../center-server/src/store/observations/maintain.ts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { postgresBinaries } from '../scripts/runtime/postgres/binaries.ts';
import { startPostgres, type PostgresServer } from '../scripts/runtime/postgres/server.ts';
import { runCommand } from './helpers/installation.ts';
import { createTestDatabase, type TestDatabase } from './helpers/db.ts';
import { failOnLeaks } from './helpers/leaks.ts';

failOnLeaks();

const LIMIT_MS = 90_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = parseInstant('2026-11-23T10:30:00+08:00');
const MIGRATIONS = readdirSync(path.join(PROJECT_DIR, 'center-server/migrations'))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => path.basename(name, '.sql'))
  .sort();

let made = 0;
function observation(ageMs: number, kind = 'heartbeat', region = '130681'): NewObservation {
  made += 1;
  return {
    ...{ source: 's', id: String(made), kind, region, caseId: null, data: '{}' },
    ...{ observedAt: NOW - ageMs, receivedAt: NOW },
  };
}

/** The same on either kind of server: two kinds in two regions, one every 53 minutes for 40 days. */
function history(): NewObservation[] {
  const rows: NewObservation[] = [];
  for (let age = 0; age < 40 * DAY; age += 53 * 60_000) {
    rows.push(observation(age), observation(age, 'rating.given', '130682'));
  }
  return rows;
}

type Mode = 'none' | 'apache';
const pools = new Map<Mode, Pool>();
const urls = new Map<Mode, string>();
const MODES: Mode[] = ['none', 'apache'];

function store(mode: Mode, rows: NewObservation[]): Promise<Set<number>> {
  return inTransaction(pools.get(mode)!, async (client) => (await insertObservations(client, rows)).known);
}
function maintain(mode: Mode, asOf: number, keepDays: number) {
  return inTransaction(pools.get(mode)!, (client) => maintainObservations(client, asOf, keepDays));
}
async function rows(mode: Mode, query: string, values: unknown[] = []): Promise<unknown[]> {
  return (await pools.get(mode)!.query<Record<string, unknown>>(query, values)).rows;
}
const ROLLED = 'SELECT bucket, region, kind, n FROM observation_1h ORDER BY 1, 2, 3';
const COUNTED = `SELECT date_bin('1 hour', observed_at, '2000-01-03') AS bucket, region, kind, count(*) AS n
  FROM observation WHERE observed_at >= $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
const since = (ms: number) => new Date(ms);

describe('one set of migrations, on plain PostgreSQL and on TimescaleDB', () => {
  let plain: PostgresServer;
  let timescale: TestDatabase;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-plain-'));
    plain = await startPostgres({
      runtime: postgresBinaries(),
      data: path.join(folder, 'data'),
      settings: { fsync: 'off' },
      removeAfter: [folder],
    });
    timescale = await createTestDatabase({ empty: true });
    if (!timescale.timescale) throw new Error('TimescaleDB is not built: npm test builds it');
    urls.set('none', plain.url('postgres')).set('apache', timescale.url);
    for (const [mode, url] of urls) {
      pools.set(
        mode,
        openPool(url, 2, (error) => {
          throw error;
        }),
      );
    }
  }, LIMIT_MS);
  afterAll(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await timescale.drop();
    await plain.stop();
  }, LIMIT_MS);

  test.each(MODES)(
    'run unchanged, once, in the mode %s',
    async (mode) => {
      const url = urls.get(mode)!;
      // Two centres that start together: one of them does the work, the other waits for it.
      const [one, other] = await Promise.all([migrate(url), migrate(url)]);
      expect([...one, ...other].sort()).toEqual(MIGRATIONS);
      expect(await migrate(url)).toEqual([]);
      expect(await rows(mode, 'SELECT ts_mode() AS mode')).toEqual([{ mode }]);
    },
    LIMIT_MS,
  );

  test.each(MODES)(
    'make the schema that stands in the repository, in the mode %s',
    async (mode) => {
      const kept = readFileSync(path.join(PROJECT_DIR, 'center-server/schema.sql'), 'utf8');
      expect(await dumpSchema(urls.get(mode)!)).toBe(kept);
      const env = { MINGJING_DATABASE_URL: urls.get(mode)! };
      expect(await runCommand('migrate', ['--dump'], env)).toBe(kept);
    },
    LIMIT_MS,
  );

  test('observations lie in chunks of a week where there is TimescaleDB', async () => {
    const batch = history();
    for (const mode of MODES) expect(await store(mode, batch)).toEqual(new Set());
    const [chunks] = await rows('apache', `SELECT count(*) AS n FROM show_chunks('observation')`);
    expect((chunks as { n: number }).n).toBeGreaterThanOrEqual(6);
    expect(await rows('apache', COUNTED, [since(0)])).toEqual(await rows('none', COUNTED, [since(0)]));
  });

  test('roll-ups are the same in both, and follow what comes late', async () => {
    for (const mode of MODES) {
      await maintain(mode, NOW, 365);
      const start = NOW - 2 * DAY;
      const counted = await rows(mode, COUNTED, [since(start)]);
      expect(counted.length).toBeGreaterThan(80);
      expect(await rows(mode, ROLLED)).toEqual(expect.arrayContaining(counted));
      await store(mode, [observation(30 * HOUR, 'heartbeat', '130600'), observation(30 * HOUR)]);
      expect(await maintain(mode, NOW, 365)).toMatchObject({ mode, rolledUp: 2, dropped: 0 });
      expect(await maintain(mode, NOW, 365)).toMatchObject({ rolledUp: 0 });
    }
    expect(await rows('apache', ROLLED)).toEqual(await rows('none', ROLLED));
  });

  test('retention drops what is older than it is kept, and nothing of what is not', async () => {
    for (const mode of MODES) {
      const kept = await rows(mode, COUNTED, [since(NOW - 20 * DAY)]);
      const rolled = await rows(mode, ROLLED);
      const { dropped = 0 } = (await maintain(mode, NOW, 20)) ?? {};
      expect(dropped).toBeGreaterThan(0);
      expect(await rows(mode, COUNTED, [since(NOW - 20 * DAY)])).toEqual(kept);
      // Whole chunks go: what lies in the chunk of the last kept day may stay that long.
      expect(await rows(mode, COUNTED, [since(0)])).toEqual(
        await rows(mode, COUNTED, [since(NOW - 27 * DAY)]),
      );
      expect(await rows(mode, ROLLED)).toEqual(rolled);
    }
  });

  test('a roll-up never shrinks when what it counted is dropped', async () => {
    // Two in one hour of yesterday, between which what is kept will end.
    const around = [observation(DAY - 15 * 60_000), observation(DAY - 25 * 60_000)];
    for (const mode of MODES) {
      await store(mode, around);
      await maintain(mode, NOW, 20);
      const rolled = await rows(mode, ROLLED);
      await maintain(mode, NOW + 20 * 60_000, 1);
      await maintain(mode, NOW + 40 * 60_000, 1);
      expect(await rows(mode, ROLLED)).toEqual(rolled);
    }
  });
});
