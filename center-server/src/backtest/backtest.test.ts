import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  parseInstant,
  type BacktestCount,
  type BacktestRequest,
  type BacktestRun,
} from '@mingjing/contracts';
import { defaultRuleset, shippedCalendars } from '@mingjing/rules';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { until } from '../../../tests/helpers/until.ts';
import { openDirectory, type Directory } from '../directory.ts';
import { ingest } from '../ingest/ingest.ts';
import { createIngestWriter } from '../ingest/writer.ts';
import { CatchUp } from '../pipeline/catchUp.ts';
import { stepDue, stepObservations, type StepDeps } from '../pipeline/step.ts';
import { jobOf } from './request.ts';
import { CancelledError, runBacktest } from './runBacktest.ts';

const ZHUOZHOU = '130681';
const { version: _none, ...shipped } = defaultRuleset;
/** Yellow at half of the time, no notice, nothing said of one who accepts and decides. */
const changed: BacktestRequest['body'] = {
  ...shipped,
  ladders: shipped.ladders.map((ladder) =>
    ladder.id === 'baoding'
      ? {
          ...ladder,
          rungs: [
            { rung: 'yellow', at: { used: 0.5 } },
            { rung: 'red', at: { exceeded: true } },
          ],
        }
      : ladder,
  ),
  rules: { ...shipped.rules, 'same-officer': { enabled: false, parameters: {} } },
};
const march = { from: '2026-03-01T00:00:00+08:00', to: '2026-04-01T00:00:00+08:00' };
const never = new AbortController().signal;

let centre: TestCentre;
let directory: Directory;
let now = parseInstant('2026-03-02T09:00:00+08:00');
let deps: StepDeps;

/** What a source tells in time, and what the pipeline makes of it. */
async function tell(type: string, time: string, caseNo: string, data: Record<string, unknown> = {}) {
  now = parseInstant(time);
  await settle();
  const isRegion = (code: string) => directory.region(code) !== undefined;
  const writer = createIngestWriter(centre.pool, 1000);
  const event = { specversion: '1.0', id: `${type}-${caseNo}`, source: 'x', type, time };
  const from = { id: 'zz-approval', region: ZHUOZHOU };
  const taken = await ingest(
    { pool: centre.pool, writer, isRegion, now: () => now, maxAheadMs: 3_600_000 },
    from,
    [{ ...event, data: { region: ZHUOZHOU, caseNo, ...data } }],
  );
  expect(taken.stored).toBe(1);
  await settle();
}

async function settle(): Promise<void> {
  while ((await stepObservations(deps)) !== null);
  while ((await stepDue(deps)) !== null);
}

async function everything(): Promise<unknown> {
  const tables = ['case_state', 'clock', 'card', 'alert', 'alert_history', 'observation', 'pipeline_cursor'];
  const counts = tables.map(
    (name) => `(SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${name} t) AS ${name}`,
  );
  return (await centre.pool.query(`SELECT ${counts.join(', ')}`)).rows[0];
}

beforeAll(async () => {
  centre = await openTestCentre();
  directory = await openDirectory(centre.pool, (error) => {
    throw error;
  });
  deps = {
    ...{ pool: centre.pool, directory, now: () => now, catchUp: new CatchUp() },
    rules: { ruleset: () => defaultRuleset, calendars: () => shippedCalendars },
  };
  const limit = { limit: { budget: { workingDays: 10 } } };
  // Day 10 is 16 March: notice from day 7, yellow from day 9, red on the 17th.
  await tell('case.accepted', '2026-03-02T09:00:00+08:00', 'late', { officer: '11', ...limit });
  await tell('case.accepted', '2026-03-02T09:30:00+08:00', 'half', { officer: '11', ...limit });
  await tell('case.decided', '2026-03-10T16:00:00+08:00', 'half', { officer: '11', outcome: 'granted' });
  now = parseInstant('2026-03-20T09:00:00+08:00');
  await settle();
});

afterAll(async () => {
  directory.stop();
  await centre.close();
});

const count = (name: string, issued: number, would: number, more: number, fewer: number): BacktestCount => ({
  ...{ name, issued, would, more, fewer },
});

describe('a backtest', () => {
  const run = (request: BacktestRequest, signal = never) =>
    runBacktest(centre.databaseUrl, jobOf(request, ZHUOZHOU, now), { onProgress: () => undefined, signal });

  test('of the ruleset in force finds what was issued, and nothing else', async () => {
    const { events, cases, counts, more, fewer } = await run({ body: shipped, ...march });
    expect({ events, cases, more, fewer }).toEqual({ events: 3, cases: 2, more: [], fewer: [] });
    expect(counts).toContainEqual(count('red', 1, 1, 0, 0));
    expect(counts).toContainEqual(count('same-officer', 1, 1, 0, 0));
  });

  test('of a changed one tells what would be otherwise and why, and touches nothing', async () => {
    const before = await everything();
    const { counts, more, fewer } = await run({ body: changed, ...march });
    expect(counts).toEqual(
      expect.arrayContaining([
        count('notice', 1, 0, 0, 1),
        count('yellow', 1, 2, 1, 0),
        count('red', 1, 1, 0, 0),
        count('same-officer', 1, 0, 0, 1),
      ]),
    );
    expect(more.map(({ caseNo, rule, rung }) => [caseNo, rule, rung])).toEqual([
      ['half', 'overdue', 'yellow'],
      // Where the ladder has no notice, a rule tells that the end is near.
      ['late', 'nearing', null],
    ]);
    expect(fewer.map(({ caseNo, reason }) => [caseNo, reason.en])).toEqual([
      ['half', 'Rule “One officer accepts and decides” is off in the ruleset tried.'],
      ['late', 'Under the ruleset tried, this clock has no such rung, or there is no such clock.'],
    ]);
    expect(await everything()).toEqual(before);
  });

  test('looks only at the time asked for', async () => {
    const week = { from: '2026-03-17T00:00:00+08:00', to: '2026-03-18T00:00:00+08:00' };
    const { counts } = await run({ body: changed, ...week });
    expect(counts).toEqual([count('red', 1, 1, 0, 0)]);
  });

  test('is called off, and names what is wrong with a ruleset', async () => {
    await expect(run({ body: changed, ...march }, AbortSignal.abort())).rejects.toThrow(CancelledError);
    const wrong = { ...shipped, rules: { overdu: { enabled: true, parameters: {} } } };
    expect(() => jobOf({ body: wrong, ...march }, ZHUOZHOU, now)).toThrow(
      /^body: rules\.overdu is not known/,
    );
    const backwards = { body: shipped, from: march.to, to: march.from };
    expect(() => jobOf(backwards, ZHUOZHOU, now)).toThrow(/^to: .*expected a time after from/);
  });
});

describe('backtests over HTTP', () => {
  test('run in a thread, are seen in the own scope only, and can be forgotten', async () => {
    const [cookie, inspector] = [await centre.signIn('admin'), await centre.signIn('inspector')];
    const asked = { cookie, body: { body: changed, ...march, region: ZHUOZHOU } };
    expect((await centre.call('POST /api/backtests', { ...asked, cookie: inspector })).status).toBe(403);
    const { status, body } = await centre.call('POST /api/backtests', asked);
    expect(status).toBe(202);
    const { id } = body as BacktestRun;
    const look = async () => (await centre.call(`GET /api/backtests/${id}`, { cookie })).body as BacktestRun;
    const done = await until(look, ({ state }) => state !== 'waiting' && state !== 'running', 20_000);
    expect(done).toMatchObject({ state: 'done', error: null, progress: { events: 3, total: 3 } });
    expect(done.result?.more).toHaveLength(2);
    const { body: list } = await centre.call('GET /api/backtests', { cookie });
    expect(list).toMatchObject([{ id, result: { cases: 2, more: [], fewer: [] } }]);
    expect((await centre.call(`DELETE /api/backtests/${id}`, { cookie })).status).toBe(200);
    expect((await centre.call(`GET /api/backtests/${id}`, { cookie })).status).toBe(404);
    const audit = await centre.pool.query<{ action: string }>(
      `SELECT action FROM audit_log WHERE object = $1 ORDER BY seq`,
      [id],
    );
    expect(audit.rows.map(({ action }) => action)).toEqual(['backtest.started', 'backtest.cancelled']);
  });

  test('wait their turn, and can be called off while they wait', async () => {
    const cookie = await centre.signIn('admin');
    const body = { body: changed, ...march };
    const started: BacktestRun[] = [];
    for (let n = 0; n < 5; n++)
      started.push((await centre.call('POST /api/backtests', { cookie, body })).body as BacktestRun);
    const last = started.at(-1)?.id ?? '';
    const gone = await centre.call(`DELETE /api/backtests/${last}`, { cookie });
    expect(gone.body).toMatchObject({ state: 'cancelled', result: null });
    const list = async () => (await centre.call('GET /api/backtests', { cookie })).body as BacktestRun[];
    const ended = await until(
      list,
      (runs) => runs.every(({ state }) => state === 'done' || state === 'cancelled'),
      30_000,
    );
    expect(ended.filter(({ state }) => state === 'done')).toHaveLength(4);
  });
});
