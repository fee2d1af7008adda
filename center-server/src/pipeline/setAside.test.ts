import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeadLetterPage } from '@mingjing/contracts';
import { defaultRuleset, shippedCalendars } from '@mingjing/rules';
import { pino } from 'pino';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { openDirectory, type Directory } from '../directory.ts';
import type { NewObservation } from '../ingest/check.ts';
import { inTransaction } from '../store/database.ts';
import { insertObservations } from '../store/observations/insertObservations.ts';
import { CatchUp } from './catchUp.ts';
import { putCaseOff, putRejudgedOff, setObservationAside } from './setAside.ts';
import { stepDue, stepObservations, type StepDeps } from './step.ts';
import { stepRejudging } from './stepRejudging.ts';
import { Stride } from './stride.ts';

const log = pino({ level: 'silent' });
let centre: TestCentre;
let directory: Directory;
let deps: StepDeps;
beforeAll(async () => {
  centre = await openTestCentre();
  directory = await openDirectory(centre.pool, () => undefined);
  const now = () => centre.clock.now;
  deps = {
    pool: centre.pool,
    directory,
    rules: { ruleset: () => defaultRuleset, calendars: () => shippedCalendars },
    now,
    catchUp: new CatchUp(),
  };
}, 60_000);
afterAll(async () => {
  directory.stop();
  await centre.close();
});

function row(id: string, kind: string, data: Record<string, unknown>): NewObservation {
  const region = '130681';
  return {
    ...{
      source: 'zz-approval',
      id,
      kind,
      region,
      observedAt: centre.clock.now,
      receivedAt: centre.clock.now,
    },
    caseId: typeof data['caseNo'] === 'string' ? `130681:${data['caseNo']}` : null,
    data: JSON.stringify({ region, ...data }),
  };
}

const accepted = (caseNo: string, matter = 'permit') =>
  row(`accepted-${caseNo}`, 'case.accepted', { caseNo, matter });

const store = (rows: NewObservation[]) =>
  inTransaction(centre.pool, (client) => insertObservations(client, rows));

async function drain(stride: Stride, step: (most: number) => Promise<unknown>, aside: typeof putCaseOff) {
  const work = { step, setAside: (error: Error) => aside(deps, error) };
  while ((await stride.take<unknown>(work, log)) !== null);
}

async function column(query: string): Promise<unknown[]> {
  const found = await centre.pool.query<{ value: unknown }>(query);
  return found.rows.map(({ value }) => value);
}

test('an observation that nothing can be made of stands aside, and all others are worked on', async () => {
  // What a later ingest would refuse, but an earlier one has let in: more attempts than an integer column holds.
  const poison = row('poison', 'stream.state', { camera: 'zz-camera', state: 'live', attempt: 2 ** 40 });
  await store([accepted('A'), accepted('B'), poison, accepted('C')]);
  await store([accepted('D')]);
  await drain(new Stride(), (most) => stepObservations(deps, most), setObservationAside);

  expect(await column('SELECT case_no AS value FROM case_state ORDER BY 1')).toEqual(['A', 'B', 'C', 'D']);
  const alerts = await column(`SELECT reason ->> 'en' AS value FROM alert WHERE kind = 'rule-failed'`);
  expect(alerts).toEqual([expect.stringContaining('stream.state poison of source zz-approval')]);

  // Mended, it can be played again.
  await centre.pool.query(`UPDATE dead_letter SET body = replace(body, '${2 ** 40}', '3')`);
  const cookie = await centre.signIn('zz-admin');
  const page = (await centre.call('GET /api/dead-letters', { cookie })).body as DeadLetterPage;
  expect(page.letters).toMatchObject([{ eventId: 'poison', kind: 'stream.state' }]);
  const answer = await centre.call(`POST /api/dead-letters/${page.letters[0]!.id}/replay`, { cookie });
  expect(answer.body).toMatchObject({ stored: 1 });
  await drain(new Stride(), (most) => stepObservations(deps, most), setObservationAside);
  expect(await column('SELECT attempt AS value FROM camera_state')).toEqual([3]);
});

test('a case that cannot be judged waits, and the deadlines of all others are kept', async () => {
  await store([accepted('E', 'unlucky'), accepted('F')]);
  await drain(new Stride(), (most) => stepObservations(deps, most), setObservationAside);
  await centre.pool.query(`UPDATE clock SET next_at = NULL`);
  await centre.pool.query(
    `INSERT INTO clock (clock_id, case_id, started_at, suspended, provisional, projection, rungs)
     VALUES ('130681:E#1', '130681:E', now(), false, false, '{}', '[]')`,
  );
  await centre.pool.query(
    `UPDATE clock SET next_at = to_timestamp($1 / 1000.0) WHERE case_id IN ('130681:E', '130681:F')`,
    [centre.clock.now - 1000],
  );
  const matter: Directory['matter'] = (id) => {
    if (id === 'unlucky') throw new Error('bad luck');
    return directory.matter(id);
  };
  const unlucky = { ...deps, directory: { ...directory, matter } };
  await drain(new Stride(), (most) => stepDue(unlucky, most), putCaseOff);
  const due = `SELECT case_id AS value FROM clock WHERE next_at <= to_timestamp(${centre.clock.now} / 1000.0)`;
  expect(await column(due)).toEqual([]);
  expect(await column(`SELECT case_id AS value FROM alert WHERE fingerprint LIKE 'rule-failed|%'`)).toEqual([
    '130681:E',
  ]);

  // Once it can be judged, nothing is left of that.
  await centre.pool.query(`UPDATE clock SET next_at = to_timestamp(0) WHERE case_id = '130681:E'`);
  await drain(new Stride(), (most) => stepDue(deps, most), putCaseOff);
  expect(
    await column(`SELECT state AS value FROM alert WHERE case_id = '130681:E' AND rule = 'pipeline'`),
  ).toEqual(['rescinded']);
});

test('a case without a clock that cannot be judged anew is looked at later', async () => {
  await store([row('G', 'case.submitted', { caseNo: 'G' })]);
  await drain(new Stride(), (most) => stepObservations(deps, most), setObservationAside);
  await centre.pool.query(`DELETE FROM case_look`);
  await centre.pool.query(`INSERT INTO rejudging (case_id, asked_at) VALUES ('130681:G', now())`);
  const matter: Directory['matter'] = () => {
    throw new Error('bad luck');
  };
  const unlucky = { ...deps, directory: { ...directory, matter } };
  await drain(new Stride(), (most) => stepRejudging(unlucky, most), putRejudgedOff);
  expect(await column('SELECT case_id AS value FROM case_look')).toEqual(['130681:G']);
});

test('where the database is in trouble, nothing is set aside', async () => {
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
  const step = () => Promise.reject(away);
  const setAside = () => Promise.resolve('set aside');
  await expect(new Stride().take({ step, setAside }, log)).rejects.toBe(away);
});
