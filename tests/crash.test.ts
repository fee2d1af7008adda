import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudEvent } from '@mingjing/contracts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { startChild, type Child } from '../scripts/runtime/process/child.ts';
import { caseEvent, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const CASES = 900;
const WITHIN_MS = 120_000;
const STAGES = ['受理', '审查'];

/** Case n took a month longer than its day when n is even, and was decided on its first day when it is odd. */
function eventsOf(n: number): CloudEvent[] {
  const caseNo = `办-${n}`;
  const at = (day: string, minute: number) => `2026-03-${day}T09:${String(minute).padStart(2, '0')}:00+08:00`;
  const decided = n % 2 === 0 ? at('31', 0) : at('02', 50);
  return [
    caseEvent('case.accepted', at('02', 0), { caseNo, officer: '甲', limit: { budget: { workingDays: 1 } } }),
    ...STAGES.flatMap((stage, index) => [
      caseEvent('case.stage.started', at('02', 10 + index * 20), { caseNo, stage }),
      caseEvent('case.stage.completed', at('02', 20 + index * 20), { caseNo, stage }),
    ]),
    caseEvent('case.decided', decided, { caseNo, officer: '乙', outcome: 'granted' }),
  ];
}

/** All cases side by side, as a busy day brings them: first every acceptance, then every next step. */
function busyDay(): CloudEvent[] {
  const cases = Array.from({ length: CASES }, (_, n) => eventsOf(n));
  return cases[0]!.flatMap((_, step) => cases.map((events) => events[step]!));
}

let centre: Installation;
let folder: string;
const events = busyDay();
const collectors: Child[] = [];

/** The collector; `said` are its lines. */
function startCollector(): { child: Child; said: string[] } {
  const said: string[] = [];
  const child = startChild({
    name: 'the collector',
    command: process.execPath,
    args: [
      path.join(PROJECT_DIR, 'tests/helpers/outbox-sender.ts'),
      ...[centre.url, centre.tokens['zz-approval']!],
      ...[path.join(folder, 'events.json'), path.join(folder, 'outbox.sqlite')],
    ],
    cwd: PROJECT_DIR,
    env: { PATH: process.env['PATH'] },
    onLine: (line) => said.push(line),
  });
  collectors.push(child);
  return { child, said };
}

async function number(query: string): Promise<number> {
  const found = await centre.pool.query<{ n: number }>(query);
  return found.rows[0]!.n;
}

const stored = () => number('SELECT count(*) AS n FROM observation');
const folded = () => number('SELECT coalesce(max(seq), 0) AS n FROM pipeline_cursor');

/** Kills the centre as soon as so much is done, and starts it again. */
async function crashAt(done: () => Promise<number>, much: number): Promise<void> {
  await until(done, (n) => n >= much, WITHIN_MS);
  await centre.killCentre();
  await centre.restartCentre();
}

describe('when the centre is killed again and again while a collector delivers', () => {
  beforeAll(async () => {
    centre = await openInstallation();
    folder = mkdtempSync(path.join(tmpdir(), 'mingjing-collector-'));
    writeFileSync(path.join(folder, 'events.json'), JSON.stringify(events));
  }, 120_000);

  afterAll(async () => {
    await Promise.all(collectors.map((child) => child.stop()));
    await centre.close();
    rmSync(folder, { recursive: true });
  }, 60_000);

  test('nothing is lost and nothing is done twice', async () => {
    const [first, second, third] = [randomInt(1, 1000), randomInt(1500, 2500), randomInt(3000, 5000)];
    process.stdout.write(`the centre dies at ${first}, ${second} stored and ${third} folded events\n`);
    const before = startCollector();
    await crashAt(stored, first);
    await crashAt(stored, second);
    // The collector dies as well; the next one reads everything from the beginning and sends it again.
    await before.child.kill9();
    const { said } = startCollector();
    await crashAt(folded, third);
    await until(
      () => said.join('\n'),
      (text) => text.includes('"drained"'),
      WITHIN_MS,
    );
    expect(JSON.parse(said.find((line) => line.includes('"drained"'))!)).toEqual({
      event: 'drained',
      rejected: [],
    });
    await centre.settled();
    expect(await folded()).toBe(events.length);
  }, 300_000);

  test('every event is stored exactly once, under a number of its own', async () => {
    const found = await centre.pool.query(
      `SELECT count(*) AS stored, count(DISTINCT id) AS ids, count(DISTINCT seq) AS numbers, min(seq) AS first,
              max(seq) AS last, (SELECT count(*) FROM inbox) AS inbox, (SELECT count(*) FROM dead_letter) AS letters
       FROM observation`,
    );
    const all = events.length;
    expect(found.rows[0]).toEqual({
      stored: all,
      ids: all,
      numbers: all,
      first: 1,
      last: all,
      inbox: all,
      letters: 0,
    });
  });

  test('every case is folded from all of its events', async () => {
    const found = await centre.pool.query<{ status: string; events: number; stages: number; n: number }>(
      `SELECT status, (state->>'eventCount')::int AS events, json_array_length(state->'stages') AS stages, count(*) AS n
       FROM case_state GROUP BY 1, 2, 3`,
    );
    expect(found.rows).toEqual([{ status: 'decided', events: 6, stages: STAGES.length, n: CASES }]);
  });

  test('every card of a late case is issued once, with one alert that was raised once', async () => {
    const cards = await centre.pool.query<{ late: boolean; rung: string; n: number }>(
      `SELECT right(case_id, 1) IN ('0', '2', '4', '6', '8') AS late, rung, count(*) AS n FROM card
       WHERE rescinded_at IS NULL GROUP BY 1, 2 ORDER BY 2`,
    );
    const each = { late: true, n: CASES / 2 };
    expect(cards.rows).toEqual([
      { ...each, rung: 'notice' },
      { ...each, rung: 'red' },
      { ...each, rung: 'yellow' },
    ]);
    // Nothing of a late case was ever taken back and told anew.
    const told = await centre.pool.query<{ told: number; raised: number }>(
      `SELECT count(*) AS told, sum((SELECT count(*) FROM alert_history h WHERE h.alert_id = alert.id))::int AS raised
       FROM alert WHERE kind IN ('notice', 'yellow', 'red') AND right(case_id, 1) IN ('0', '2', '4', '6', '8')`,
    );
    expect(told.rows[0]).toEqual({ told: (CASES / 2) * 3, raised: (CASES / 2) * 3 });
    const twice = await number(
      `SELECT count(*) AS n FROM (SELECT 1 FROM card WHERE right(case_id, 1) IN ('0', '2', '4', '6', '8')
       GROUP BY clock_id, rung HAVING count(*) > 1) AS doubled`,
    );
    expect(twice).toBe(0);
  });
});
