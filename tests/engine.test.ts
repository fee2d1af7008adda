import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CalendarAnswer, CloudEvent } from '@mingjing/contracts';
import { caseEvent, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startCentre, type RunningProcess } from './helpers/processes.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const CASES = 600;
const WITHIN_MS = 120_000;
const DAY_MS = 86_400_000;
/** Thirty days ago at eight in the morning there: five working days are over since, whatever the holidays. */
const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - 30 * DAY_MS;
const STAGES = ['受理', '审查'];

/** RFC 3339 so many hours after the start. */
const hours = (after: number) => new Date(START + after * 3_600_000).toISOString();

/** Every third case is decided in time; all others are open and late. */
function eventsOf(n: number): CloudEvent[] {
  const caseNo = `办-${n}`;
  const data = { caseNo, officer: '甲', department: 'zz-housing' };
  const events = [
    caseEvent('case.accepted', hours(1), {
      ...data,
      limit: { budget: { workingDays: 5 } },
    }),
    ...STAGES.map((stage, index) => caseEvent('case.stage.started', hours(2 + index), { caseNo, stage })),
  ];
  if (n % 3 === 0)
    events.push(caseEvent('case.decided', hours(25), { caseNo, officer: '乙', outcome: 'granted' }));
  return events.map((event, index) => ({ ...event, id: `${n}-${index}` }));
}

/** All cases side by side, as a busy day brings them. */
function busyDay(): CloudEvent[] {
  const cases = Array.from({ length: CASES }, (_, n) => eventsOf(n));
  return [0, 1, 2, 3].flatMap((step) => cases.flatMap((events) => events[step] ?? []));
}

const EVENTS = busyDay();

/** The cards that stand, and how often each stands. */
async function standing(centre: Installation): Promise<Record<string, number>> {
  const found = await centre.pool.query<{ card: string; n: number }>(
    `SELECT clock_id || ' ' || rung || ' ' || at::text AS card, count(*) AS n FROM card
     WHERE rescinded_at IS NULL GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(found.rows.map(({ card, n }) => [card, n]));
}

/** Alerts of cards that stand although the card does not, or the other way. */
const UNMATCHED = `
  SELECT count(*) AS n FROM (SELECT fingerprint FROM card WHERE rescinded_at IS NULL) AS c
  FULL JOIN (SELECT fingerprint FROM alert WHERE kind IN ('notice', 'yellow', 'red') AND state <> 'rescinded') AS a
  USING (fingerprint) WHERE a.fingerprint IS NULL OR c.fingerprint IS NULL`;

async function unmatched(centre: Installation): Promise<number> {
  return (await centre.pool.query<{ n: number }>(UNMATCHED)).rows[0]!.n;
}

async function folded(centre: Installation): Promise<number> {
  const found = await centre.pool.query<{ n: number }>(
    'SELECT coalesce(max(seq), 0) AS n FROM pipeline_cursor',
  );
  return found.rows[0]!.n;
}

async function deliver(centre: Installation, events = EVENTS): Promise<void> {
  for (let from = 0; from < events.length; from += 300)
    await centre.post('zz-approval', events.slice(from, from + 300));
}

/** Every day from the one after the start until long after now: without them, no case is late yet. */
const DAYS = Array.from({ length: 90 }, (_, n) =>
  new Date(START + (n + 1) * DAY_MS).toISOString().slice(0, 10),
);

/** Enters all these days as days off, or takes them out again; waits for nothing. */
async function changeCalendar(centre: Installation, wish: 'closed' | 'open'): Promise<void> {
  const cookie = await centre.signIn('admin');
  const { body } = await centre.call('GET /api/calendars', { cookie });
  const base = (body as CalendarAnswer).book.version;
  const put = DAYS.map((date) => ({ date, working: false, name: '停工' }));
  const change =
    wish === 'closed' ? { put, remove: [] } : { put: [], remove: DAYS.map((date) => ({ date })) };
  const answer = await centre.call('POST /api/calendars', { cookie, body: { base, note: wish, ...change } });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
}

async function rescinded(centre: Installation): Promise<number> {
  const query = 'SELECT count(*) AS n FROM card WHERE rescinded_at IS NOT NULL';
  return (await centre.pool.query<{ n: number }>(query)).rows[0]!.n;
}

/** A centre whose source may be silent for as long as the test takes. */
async function openPatient(): Promise<Installation> {
  const centre = await openInstallation();
  await centre.pool.query('UPDATE source SET expect_every_seconds = 0');
  return centre;
}

/** Waits until everything is stored, folded and judged, also anew. */
async function quiet(centre: Installation): Promise<void> {
  await until(
    () => folded(centre),
    (n) => n >= EVENTS.length,
    WITHIN_MS,
  );
  await until(
    async () => (await centre.pool.query<{ n: number }>('SELECT count(*) AS n FROM rejudging')).rows[0]!.n,
    (n) => n === 0,
    WITHIN_MS,
  );
  await centre.settled();
}

describe('cards, whatever happens to the engine', () => {
  let undisturbed: Record<string, number>;
  let whole: Installation;

  beforeAll(async () => {
    whole = await openPatient();
    await deliver(whole);
    await quiet(whole);
    undisturbed = await standing(whole);
    await whole.close();
  }, 180_000);

  test('stand once for every rung of every late case', () => {
    expect(Object.keys(undisturbed)).toHaveLength(3 * (CASES - Math.ceil(CASES / 3)));
    expect(new Set(Object.values(undisturbed))).toEqual(new Set([1]));
  });

  describe('when it is killed again and again between claim and publish', () => {
    let centre: Installation;
    beforeAll(async () => {
      centre = await openPatient();
    }, 60_000);
    afterAll(() => centre.close(), 60_000);

    test('nothing is lost or doubled', async () => {
      const rounds = Array.from({ length: 4 }, (_, round) => randomInt(round * 400, (round + 1) * 400));
      process.stdout.write(`the centre dies at ${rounds.join(', ')} folded events\n`);
      await deliver(centre);
      for (const round of rounds) {
        await until(
          () => folded(centre),
          (n) => n >= Math.min(round, EVENTS.length),
          WITHIN_MS,
        );
        await centre.killCentre();
        await centre.restartCentre();
      }
      await quiet(centre);
      await changeCalendar(centre, 'closed');
      await until(
        () => rescinded(centre),
        (n) => n > 0,
        WITHIN_MS,
      );
      await centre.killCentre();
      await centre.restartCentre();
      await quiet(centre);
      expect(await standing(centre)).toEqual({});
      await changeCalendar(centre, 'open');
      await centre.killCentre();
      await centre.restartCentre();
      await quiet(centre);
      expect(await standing(centre)).toEqual(undisturbed);
      expect(await unmatched(centre)).toBe(0);
    }, 240_000);
  });

  describe('when two run at once on one database', () => {
    let centre: Installation;
    let second: RunningProcess;
    beforeAll(async () => {
      centre = await openPatient();
      second = await startCentre({ databaseUrl: centre.databaseUrl, secrets: centre.secrets });
    }, 60_000);
    afterAll(async () => {
      await second.stop();
      await centre.close();
    }, 60_000);

    test('nothing is lost or doubled, and both judge by what was published at either', async () => {
      await Promise.all([deliver(centre), deliver(centre, EVENTS.toReversed())]);
      await changeCalendar(centre, 'closed');
      await quiet(centre);
      expect(await standing(centre)).toEqual({});
      await changeCalendar(centre, 'open');
      await quiet(centre);
      expect(await standing(centre)).toEqual(undisturbed);
      expect(await unmatched(centre)).toBe(0);
    }, 240_000);
  });
});
