import { readFileSync } from 'node:fs';
import { evaluate, foldCase, type CaseInput, type EngineChange } from '@mingjing/rules';
import type { Stand } from '../stand.ts';
import type { Figure } from '../suite.ts';
import { makeEvents, REGION, world } from './events.ts';

const CLOCKS = 1_000_000;
const BAR_MS = 10_000;
const BAR_BYTES = 400;
const DAY = 86_400_000;

type ClockChange = Extract<EngineChange, { type: 'clock' }>;

/** An open case that has been overdue for a while, as the pipeline would have left it, its name to be filled in. */
function template(now: number): { state: string; clock: ClockChange } {
  const [submitted, accepted] = makeEvents(4, now - 60 * DAY);
  const state = submitted && accepted ? foldCase([submitted, accepted]) : null;
  const region = world.directory.region(REGION);
  if (!state || !region) throw new Error('the events tell of no case');
  const input: CaseInput = { type: 'case', at: now, state, region, matter: null, issued: [] };
  const clock = evaluate(input, world.ruleset).find((change) => change.type === 'clock');
  if (!clock) throw new Error('the case has no clock');
  return { state: JSON.stringify(state), clock };
}

/** Puts a million open cases with a clock each into the database; the first one is due, the others soon. */
async function fill({ pool }: Stand): Promise<void> {
  const { state, clock } = template(Date.now());
  const numbered = (text: string) => `replace(${text}, 'b0', 'b' || n)`;
  await pool.query(
    `INSERT INTO case_state (case_id, case_no, region, source, status, submitted_at, accepted_at, updated_at, updated_seq, state)
     SELECT '${REGION}:b' || n, 'b' || n, '${REGION}', 'bench', 'accepted', now() - interval '60 days',
            now() - interval '60 days', now() - interval '60 days', n, ${numbered('$1')}::json
     FROM generate_series(1, $2::int) AS n`,
    [state, CLOCKS],
  );
  await pool.query(
    `INSERT INTO clock (clock_id, case_id, level, started_at, due_at, suspended, provisional, next_at, projection, rungs)
     SELECT 'case:${REGION}:b' || n, '${REGION}:b' || n, 'case', to_timestamp($1 / 1000.0), to_timestamp($2 / 1000.0), false,
            false, CASE WHEN n = 1 THEN now() ELSE now() + interval '1 hour' + n * interval '1 second' END,
            ${numbered('$3')}::json, $4::json
     FROM generate_series(1, $5::int) AS n`,
    [
      clock.clock.startedAt,
      clock.clock.dueAt,
      JSON.stringify(clock.clock),
      JSON.stringify(clock.rungs),
      CLOCKS,
    ],
  );
  await pool.query('ANALYZE case_state, clock');
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** Looks again until something is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

interface Started {
  readyMs: number;
  judgedMs: number;
  bytes: number;
}

/** Starts the centre and waits until it is ready and has judged what was due, if anything is. */
async function start(stand: Stand, due: boolean): Promise<Started> {
  const before = performance.now();
  const pid = await stand.startCentre();
  await until(async () => (await fetch(`${stand.centreUrl}/readyz`)).ok);
  const readyMs = performance.now() - before;
  const judged = async () => (await stand.pool.query('SELECT FROM card LIMIT 1')).rowCount === 1;
  if (due) await until(judged);
  const judgedMs = performance.now() - before;
  // What starting left behind is gone after a while, or is there to stay.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return { readyMs, judgedMs, bytes: residentBytes(pid) };
}

/** How soon a centre with a million open clocks is ready, and how much memory they take it. */
export async function restart(stand: Stand, log: (line: string) => void): Promise<Figure[]> {
  await stand.stopCentre();
  const empty = await start(stand, false);
  await stand.stopCentre();
  log(`filling the database with ${CLOCKS} open clocks`);
  await fill(stand);
  const full = await start(stand, true);
  await stand.stopCentre();
  const none = { suite: 'rules', peer: null, ratio: null };
  const growth = (full.bytes - empty.bytes) / CLOCKS;
  const { readyMs, judgedMs } = full;
  const judged = { value: judgedMs, bar: BAR_MS, pass: judgedMs <= BAR_MS };
  return [
    {
      ...none,
      name: 'restart with 1,000,000 clocks, ready',
      value: readyMs,
      unit: 'ms',
      bar: null,
      pass: null,
    },
    { ...none, name: 'the same, what was due is judged (at most)', unit: 'ms', ...judged },
    {
      ...{ ...none, name: 'live centre, per open clock (at most)', value: growth, unit: 'bytes' },
      ...{ bar: BAR_BYTES, pass: growth <= BAR_BYTES },
    },
  ];
}
