import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseInstant, type StoredObservation } from '@mingjing/contracts';
import { foldCase } from '@mingjing/rules';
import { pino } from 'pino';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/db.ts';
import { openDirectory, type Directory } from '../directory.ts';
import { openRulebook, type Rulebook } from '../rulebook.ts';
import { saveCases } from '../store/cases/saveCases.ts';
import { openPool, type Pool } from '../store/database.ts';
import { startProfiling, type Profiling } from './profiling.ts';

const DAY = 86_400_000;
let database: TestDatabase;
let pool: Pool;
let directory: Directory;
let rulebook: Rulebook;
let profiling: Profiling;
let now = parseInstant('2026-06-20T09:00:00+08:00');
const published: number[] = [];
let ending = false;

/** A case whose step an officer took so many minutes for. */
function closedCase(officer: string, index: number, minutes: number) {
  const caseNo = `${officer}-${index}`;
  const start = parseInstant('2026-06-01T09:00:00+08:00');
  const event = (kind: string, after: number, data: Record<string, unknown>): StoredObservation => ({
    ...{ seq: index, source: 'zz', id: `${caseNo}-${kind}`, kind: kind },
    ...{ region: '130681', observedAt: start + after * 60_000, receivedAt: start + after * 60_000 },
    data: { region: '130681', caseNo, matter: 'gas', department: 'zz-housing', ...data },
  });
  const state = foldCase([
    event('case.accepted', 0, {}),
    event('case.stage.started', 1, { stage: '审核' }),
    event('case.stage.completed', 1 + minutes, { stage: '审核', officer }),
    event('case.decided', 175, { outcome: 'granted' }),
  ]);
  if (!state) throw new Error('no case');
  return { state, source: 'zz', seq: index };
}

const OFFICERS = ['1', '2', '3', '4', '5', '6', '7'];
const handled = (slowest: number) =>
  OFFICERS.flatMap((officer) =>
    Array.from({ length: 60 }, (_, index) =>
      closedCase(officer, index, officer === '1' ? slowest : 18 + (index % 5)),
    ),
  );

beforeAll(async () => {
  database = await createTestDatabase();
  const failed = (error: unknown) => {
    // The database ends the last connections itself.
    if (!ending) throw error;
  };
  pool = openPool(database.url, 5, failed);
  await pool.query(
    `INSERT INTO region (code, name, name_en, tier, parent) VALUES ('130681', '涿州市', 'Zhuozhou', 'county', NULL);
     INSERT INTO matter (id, name, name_en, department_kind, legal, legal_basis, promised, stages)
       VALUES ('gas', '燃气经营许可', 'Gas licence', 'housing', '{"workingDays":20}', '', '{"workingDays":10}', '{审核}')`,
  );
  directory = await openDirectory(pool, failed);
  rulebook = await openRulebook(pool, () => now, failed);
  await saveCases(pool, handled(150));
  const deps = { pool, directory, rules: rulebook, log: pino({ level: 'silent' }), now: () => now };
  profiling = startProfiling(deps, (effects) => published.push(...effects.alerts));
});

afterAll(async () => {
  ending = true;
  await profiling.stop();
  await rulebook.stop();
  directory.stop();
  await pool.end();
  await database.drop();
});

async function alerts() {
  const found = await pool.query<{ state: string; fingerprint: string; officer: string | null }>(
    `SELECT state, fingerprint, officer FROM alert WHERE rule = 'peer-outlier' ORDER BY id`,
  );
  return found.rows;
}

async function versions(): Promise<number> {
  return Number((await pool.query<{ n: string }>('SELECT count(*) AS n FROM profile')).rows[0]?.n);
}

describe('profiles of closed cases', () => {
  test('are learned at once, judged by, and kept', async () => {
    await profiling.look();
    expect(rulebook.profiles?.()).toMatchObject({ version: 1, cases: 420 });
    expect(await alerts()).toEqual([
      { state: 'open', fingerprint: 'peer-outlier|officer:130681:1|slow', officer: '1' },
    ]);
    expect(published).toHaveLength(1);
    const again = await openRulebook(
      pool,
      () => now,
      () => undefined,
    );
    expect(again.profiles?.()).toEqual(rulebook.profiles?.());
    await again.stop();
  });

  test('are no new version as long as nothing new was learned', async () => {
    now += DAY;
    await profiling.look();
    expect(await versions()).toBe(1);
    expect(published).toHaveLength(1);
  });

  test('take back what is no longer true', async () => {
    await saveCases(pool, handled(20));
    await profiling.look();
    expect(await versions()).toBe(1);
    now += DAY;
    await profiling.look();
    expect(await versions()).toBe(2);
    expect((await alerts()).map(({ state }) => state)).toEqual(['rescinded']);
    expect(published).toHaveLength(2);
  });

  test('take back what stands on somebody of whom nothing is known any more', async () => {
    await saveCases(pool, handled(160));
    now += DAY;
    await profiling.look();
    expect((await alerts()).filter(({ state }) => state === 'open')).toHaveLength(1);
    await pool.query(`DELETE FROM case_state WHERE case_no LIKE '1-%'`);
    now += DAY;
    await profiling.look();
    expect((await alerts()).filter(({ state }) => state === 'open')).toEqual([]);
  });
});
