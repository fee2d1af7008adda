import { execFile } from 'node:child_process';
import { writeFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { BacktestResult } from '@mingjing/contracts';
import { baodingLadder } from '@mingjing/rules';
import { from as copyFrom } from 'pg-copy-streams';
import { PROJECT_DIR } from '../../runtime/paths.ts';
import type { Stand } from '../stand.ts';
import type { Figure } from '../suite.ts';
import { makeEvents, REGION, world } from './events.ts';

const EVENTS = 1_000_000;
const CHUNK = 50_000;
/** A million events in a minute. */
const BAR = EVENTS / 60;
const START = Date.parse('2026-03-02T01:00:00Z');

/** A million events of a quarter of a million cases, by COPY, and the cases as lists show them. */
async function fill({ pool }: Stand): Promise<void> {
  await pool.query('TRUNCATE case_state, clock, card, alert, observation CASCADE');
  const client = await pool.connect();
  try {
    const copy = client.query(copyFrom('COPY observation FROM STDIN'));
    const events = makeEvents(EVENTS, START);
    for (let at = 0; at < EVENTS; at += CHUNK) {
      const lines = events.slice(at, at + CHUNK).map(({ id, seq, kind, observedAt, receivedAt, data }) => {
        const [observed, received] = [observedAt, receivedAt].map((time) => new Date(time).toISOString());
        const caseId = `${REGION}:${String(data['caseNo'])}`;
        return [observed, seq, received, 'bench', id, kind, REGION, caseId, JSON.stringify(data)].join('\t');
      });
      if (!copy.write(`${lines.join('\n')}\n`)) await once(copy, 'drain');
    }
    copy.end();
    await once(copy, 'finish');
  } finally {
    client.release();
  }
  await pool.query(
    `INSERT INTO case_state (case_id, case_no, region, source, status, submitted_at, accepted_at, ended_at, updated_at, updated_seq, state)
     SELECT case_id, substr(case_id, 8), '${REGION}', 'bench', 'decided', min(observed_at), min(observed_at), max(observed_at),
            max(observed_at), max(seq), json_build_object('eventCount', count(*))
     FROM observation GROUP BY case_id`,
  );
  await pool.query(
    `INSERT INTO pipeline_cursor (name, seq) VALUES ('rules', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`,
    [EVENTS],
  );
  await pool.query('ANALYZE observation, case_state');
}

/** A ruleset that says yellow sooner, tried as an administrator would try it. */
async function run({ databaseUrl }: Stand): Promise<BacktestResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-backtest-'));
  const file = path.join(folder, 'ruleset.json');
  const { version: _none, ...body } = world.ruleset;
  const [notice, , red] = baodingLadder.rungs;
  const rungs = [notice, { rung: 'yellow', at: { used: 0.8 } }, red];
  const ladders = body.ladders.map((one) => (one.id === baodingLadder.id ? { ...one, rungs } : one));
  writeFileSync(file, JSON.stringify({ ...body, ladders }));
  const cli = path.join(PROJECT_DIR, 'center-server/src/cli/backtest.ts');
  const time = ['--from', '2026-03-01T00:00:00Z', '--to', '2026-12-01T00:00:00Z'];
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, '--ruleset', file, ...time, '--json'],
      {
        env: { PATH: process.env['PATH'], MINGJING_DATABASE_URL: databaseUrl },
        ...{ cwd: PROJECT_DIR, maxBuffer: 64 * 1024 * 1024 },
      },
    );
    return JSON.parse(stdout) as BacktestResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How many stored events a second a backtest takes through fold, rules and comparison. */
export async function backtest(stand: Stand, log: (line: string) => void): Promise<Figure[]> {
  log(`filling the database with ${EVENTS} events`);
  await fill(stand);
  log('running a changed ruleset over them');
  const { events, cases, tookMs, counts } = await run(stand);
  if (events !== EVENTS) throw new Error(`the backtest read ${events} events of ${EVENTS}`);
  log(`${events} events of ${cases} cases in ${tookMs} ms: ${JSON.stringify(counts)}`);
  const value = events / (tookMs / 1000);
  const none = { suite: 'rules', peer: null, ratio: null };
  return [
    { ...none, name: 'backtest of stored history', value, unit: 'events/s', bar: BAR, pass: value >= BAR },
  ];
}
