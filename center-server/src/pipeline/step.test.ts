import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseInstant } from '@mingjing/contracts';
import { defaultRuleset, shippedCalendars } from '@mingjing/rules';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/db.ts';
import { openDirectory, type Directory } from '../directory.ts';
import { ingest } from '../ingest/ingest.ts';
import { createIngestWriter } from '../ingest/writer.ts';
import { openPool, type Pool } from '../store/database.ts';
import { saveStorage } from '../store/recordings/saveStorage.ts';
import { CatchUp } from './catchUp.ts';
import { stepDue, stepObservations, stepSources, type StepDeps } from './step.ts';

const ZHUOZHOU = '130681';
let database: TestDatabase;
let pool: Pool;
let directory: Directory;
let now = parseInstant('2026-03-02T09:00:00+08:00');
let deps: StepDeps;
let sent = 0;
/** The database ends the last connections itself. */
let ending = false;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, 5, (error) => {
    if (!ending) throw error;
  });
  await pool.query(
    `INSERT INTO region (code, name, name_en, tier, parent) VALUES
       ('130600', '保定市', 'Baoding', 'city', NULL), ('130681', '涿州市', 'Zhuozhou', 'county', '130600')`,
  );
  await pool.query(
    `INSERT INTO source (id, name, kind, region, token_hash, expect_every_seconds, created_at)
     VALUES ('zz', '涿州审批', 'http-push', '130681', '\\x01', 60, to_timestamp($1 / 1000.0))`,
    [now],
  );
  directory = await openDirectory(pool, (error) => {
    throw error;
  });
  deps = {
    pool,
    directory,
    rules: { ruleset: () => defaultRuleset, calendars: () => shippedCalendars },
    now: () => now,
    catchUp: new CatchUp(),
  };
});

afterAll(async () => {
  ending = true;
  directory.stop();
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  now = parseInstant('2026-03-02T09:00:00+08:00');
  await pool.query(
    'TRUNCATE case_state, clock, card, alert, alert_history, inbox, inbox_commit, observation, dead_letter, pipeline_cursor CASCADE',
  );
});

interface Told {
  id?: string;
  type: string;
  time: string;
  data?: Record<string, unknown>;
}

/** What the source tells of case A-1, through the ingest. */
async function tell(...events: Told[]) {
  const isRegion = (code: string) => directory.region(code) !== undefined;
  const writer = createIngestWriter(pool, 1000);
  return ingest(
    { pool, writer, isRegion, now: () => now, maxAheadMs: 3_600_000 },
    { id: 'zz', region: ZHUOZHOU },
    events.map(({ data, ...event }) => ({
      specversion: '1.0',
      id: `e${sent++}`,
      source: 'zz',
      ...event,
      data: { region: ZHUOZHOU, caseNo: 'A-1', ...data },
    })),
  );
}

/** Everything that is stored goes through the rules, and the sources that caught up are judged. */
async function run(): Promise<void> {
  while ((await stepObservations(deps)) !== null);
  now += 6000;
  while ((await stepDue(deps)) !== null);
  now -= 6000;
}

async function cards(): Promise<string[]> {
  const found = await pool.query<{ rung: string; rescinded: boolean }>(
    'SELECT rung, rescinded_at IS NOT NULL AS rescinded FROM card ORDER BY id',
  );
  return found.rows.map(({ rung, rescinded }) => (rescinded ? `${rung} rescinded` : rung));
}

const fiveDays = { limit: { budget: { workingDays: 5 } } };

describe('the pipeline', () => {
  test('issues each rung once as its time comes, with an alert and its history', async () => {
    await tell({ type: 'case.accepted', time: '2026-03-02T08:50:00+08:00', data: fiveDays });
    await run();
    expect(await cards()).toEqual([]);
    // Day 1 is 3 March, day 5 is 9 March; the first late instant is the 10th.
    now = parseInstant('2026-03-09T23:59:00+08:00');
    await run();
    expect(await cards()).not.toContain('red');
    now = parseInstant('2026-03-10T00:00:01+08:00');
    await run();
    await run();
    expect((await cards()).filter((rung) => rung === 'red')).toHaveLength(1);
    const history = await pool.query<{ action: string }>(
      `SELECT action FROM alert_history JOIN alert ON alert.id = alert_id WHERE kind = 'red'`,
    );
    expect(history.rows).toEqual([{ action: 'raised' }]);
  });

  test('takes a card back when a late event shows that the case ended in time', async () => {
    await tell({ type: 'case.accepted', time: '2026-03-02T08:50:00+08:00', data: fiveDays });
    now = parseInstant('2026-03-11T09:00:00+08:00');
    await run();
    expect(await cards()).toContain('red');
    await tell({ type: 'case.decided', time: '2026-03-09T17:00:00+08:00', data: { outcome: 'granted' } });
    await run();
    expect(await cards()).toContain('red rescinded');
    const alerts = await pool.query<{ state: string }>(`SELECT state FROM alert WHERE kind = 'red'`);
    expect(alerts.rows).toEqual([{ state: 'rescinded' }]);
  });

  test('tells anew of a card that returns, also where a person had closed the one that was taken back', async () => {
    await tell({ type: 'case.accepted', time: '2026-03-02T08:50:00+08:00', data: fiveDays });
    now = parseInstant('2026-03-11T09:00:00+08:00');
    await run();
    await pool.query(`UPDATE alert SET state = 'closed'`);
    const red = async () =>
      (
        await pool.query<{ state: string }>(`SELECT state FROM alert WHERE kind = 'red' ORDER BY id`)
      ).rows.map(({ state }) => state);
    await tell(
      { type: 'case.suspended', time: '2026-03-05T17:00:00+08:00', data: { procedure: 'test' } },
      { type: 'case.resumed', time: '2026-03-11T08:00:00+08:00' },
    );
    await run();
    expect(await red()).toEqual(['rescinded']);
    now = parseInstant('2026-03-25T09:00:00+08:00');
    await run();
    expect(await red()).toEqual(['rescinded', 'open']);
  });

  test('does not call a case overdue whose decision is still on its way', async () => {
    now = parseInstant('2026-03-20T09:00:00+08:00');
    await tell({ type: 'case.accepted', time: '2026-03-02T08:50:00+08:00', data: fiveDays });
    while ((await stepObservations(deps)) !== null);
    now += 3000;
    await stepDue(deps);
    expect(await cards()).toEqual([]);
    await tell({ type: 'case.decided', time: '2026-03-03T17:00:00+08:00', data: { outcome: 'granted' } });
    await run();
    expect(await cards()).toEqual([]);
    await tell({
      type: 'case.accepted',
      time: '2026-03-02T08:50:00+08:00',
      data: { ...fiveDays, caseNo: 'A-2' },
    });
    await run();
    expect(await cards()).toEqual(['notice', 'yellow', 'red']);
  });

  test('comes to the same state whatever the order of arrival', async () => {
    const story: Told[] = [
      { id: 's1', type: 'case.submitted', time: '2026-02-02T09:00:00+08:00' },
      { id: 's2', type: 'case.accepted', time: '2026-02-02T10:00:00+08:00', data: fiveDays },
      {
        id: 's3',
        type: 'case.suspended',
        time: '2026-02-03T10:00:00+08:00',
        data: { procedure: 'hearing', approver: '李' },
      },
      { id: 's4', type: 'case.resumed', time: '2026-02-05T10:00:00+08:00' },
      { id: 's5', type: 'case.decided', time: '2026-02-06T10:00:00+08:00', data: { outcome: 'granted' } },
    ];
    const states: unknown[] = [];
    for (const order of [
      story,
      story.toReversed(),
      [story[4]!, story[0]!, story[3]!, story[2]!, story[1]!],
    ]) {
      await pool.query(
        'TRUNCATE case_state, clock, card, alert, alert_history, inbox, inbox_commit, observation, pipeline_cursor CASCADE',
      );
      for (const event of order) {
        await tell(event);
        await run();
      }
      states.push((await pool.query('SELECT state, status FROM case_state')).rows);
    }
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  test('stores an event that is sent again once, and says so', async () => {
    const event: Told = { id: 'same', type: 'case.accepted', time: '2026-03-02T08:50:00+08:00' };
    expect(await tell(event, event)).toMatchObject({ stored: 1, duplicate: 1 });
    expect(await tell(event)).toMatchObject({ stored: 0, duplicate: 1 });
    const stored = await pool.query('SELECT 1 FROM observation');
    expect(stored.rowCount).toBe(1);
  });

  test('keeps a bad event as a dead letter with its reason, and stores the others', async () => {
    const answer = await tell(
      { type: 'case.accepted', time: '9999-01-01T00:00:00Z' },
      { type: 'case.accepted', time: '2026-03-02T08:50:00+08:00' },
      { type: 'case.accepted', time: '2026-03-02T08:50:00+08:00', data: { region: '110000' } },
    );
    expect(answer).toMatchObject({ stored: 1, rejected: 2 });
    expect(answer.results[0]?.reason).toMatch(/^time: the year 9999 is out of range: expected 1970 to 2199/);
    expect(answer.results[2]?.reason).toMatch(/110000/);
    const letters = await pool.query<{ reason: string }>('SELECT reason FROM dead_letter ORDER BY id');
    expect(letters.rows.map(({ reason }) => reason)).toEqual([
      answer.results[0]?.reason,
      answer.results[2]?.reason,
    ]);
  });

  test('raises one alert of a silent source and closes it when it speaks again', async () => {
    const silences = async () =>
      (
        await pool.query<{ state: string }>(`SELECT state FROM alert WHERE kind = 'silent' ORDER BY id`)
      ).rows.map(({ state }) => state);
    await tell({ type: 'heartbeat', time: '2026-03-02T09:00:00+08:00' });
    await stepSources(deps);
    expect(await silences()).toEqual([]);
    now += 120_000;
    await stepSources(deps);
    await stepSources(deps);
    expect(await silences()).toEqual(['open']);
    await tell({ type: 'heartbeat', time: '2026-03-02T09:02:00+08:00' });
    await stepSources(deps);
    expect(await silences()).toEqual(['closed']);
    now += 120_000;
    await stepSources(deps);
    expect(await silences()).toEqual(['closed', 'open']);
  });

  test('tells of a media host whose disk is full, takes it back, and tells of it anew though a person closed it', async () => {
    const alerts = async () =>
      (
        await pool.query<{ told: string }>(
          `SELECT fingerprint || ' ' || state AS told FROM alert WHERE rule = 'storage-full' ORDER BY id`,
        )
      ).rows.map(({ told }) => told);
    const source = 'recorder';
    await pool.query(
      `INSERT INTO source (id, name, kind, region, token_hash) VALUES ($1, '视频主机', 'media', $2, '\\x02')`,
      [source, ZHUOZHOU],
    );
    const says = async (state: 'ok' | 'low' | 'full') => {
      now += 1000;
      await saveStorage(pool, source, { state, freeBytes: 1024, reason: null }, now);
      const effects = await stepSources(deps);
      expect(await stepSources(deps)).toBeNull();
      return effects;
    };
    await tell({ type: 'heartbeat', time: '2026-03-02T09:00:00+08:00' });
    await stepSources(deps);
    expect(await says('ok')).toBeNull();
    await says('low');
    expect(await alerts()).toEqual([`storage-full|${source}|low open`]);
    await says('full');
    expect(await alerts()).toEqual([
      `storage-full|${source}|low rescinded`,
      `storage-full|${source}|full open`,
    ]);
    await pool.query(`UPDATE alert SET state = 'closed' WHERE fingerprint LIKE '%|full'`);
    expect(await says('full')).toBeNull();
    await says('ok');
    await says('full');
    expect((await alerts()).at(-1)).toBe(`storage-full|${source}|full open`);
  });
});
