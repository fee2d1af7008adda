import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  Budget,
  CalendarAnswer,
  CalendarYear,
  Matter,
  Problem,
  PublishedRuleset,
  RuleInfo,
  RulesetDraft,
  RulesetVersion,
} from '@mingjing/contracts';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { openDirectory, type Directory } from '../directory.ts';
import { CatchUp } from '../pipeline/catchUp.ts';
import { stepDue, stepObservations, type StepDeps } from '../pipeline/step.ts';
import { stepRejudging } from '../pipeline/stepRejudging.ts';
import { openRulebook, type Rulebook } from '../rulebook.ts';
import { inTransaction } from '../store/database.ts';
import { insertObservations } from '../store/observations/insertObservations.ts';

const START = Date.parse('2026-11-23T09:00:00+08:00');
let centre: TestCentre;
let directory: Directory;
let rulebook: Rulebook;
let deps: StepDeps;
let made = 0;
/** The database ends the last connections itself. */
let closing = false;

beforeAll(async () => {
  centre = await openTestCentre();
  const failed = (error: unknown) => {
    if (!closing) throw error;
  };
  const now = () => centre.clock.now;
  directory = await openDirectory(centre.pool, failed);
  rulebook = await openRulebook(centre.pool, now, failed);
  deps = { pool: centre.pool, directory, rules: rulebook, now, catchUp: new CatchUp() };
}, 60_000);

afterAll(async () => {
  closing = true;
  directory.stop();
  await rulebook.stop();
  await centre.close();
});

beforeEach(async () => {
  centre.clock.now = START;
  await centre.pool.query(
    'TRUNCATE case_state, clock, card, alert, alert_history, rejudging, inbox, inbox_commit, observation CASCADE',
  );
  await centre.pool.query('UPDATE pipeline_cursor SET seq = 0');
});

async function tell(kind: string, time: string, data: Record<string, unknown>): Promise<void> {
  const [region, caseNo] = ['130681', 'A-1'];
  const observedAt = Date.parse(time);
  made += 1;
  await inTransaction(centre.pool, (client) =>
    insertObservations(client, [
      {
        ...{ source: 'zz-approval', id: `e${made}`, kind, region, observedAt, receivedAt: observedAt },
        ...{ caseId: `${region}:${caseNo}`, data: JSON.stringify({ region, caseNo, ...data }) },
      },
    ]),
  );
}

const accept = (time: string, budget?: Budget, data: Record<string, unknown> = {}) =>
  tell('case.accepted', time, { ...(budget && { limit: { budget } }), ...data });

async function run(at?: string): Promise<void> {
  if (at !== undefined) centre.clock.now = Date.parse(at);
  while ((await stepObservations(deps)) !== null);
  while ((await stepRejudging(deps)) !== null);
  while ((await stepDue(deps)) !== null);
}

async function cards(): Promise<string[]> {
  const found = await centre.pool.query<{ card: string }>(
    `SELECT rung || CASE WHEN rescinded_at IS NULL THEN '' ELSE ' rescinded' END AS card FROM card ORDER BY id`,
  );
  return found.rows.map(({ card }) => card);
}

async function clock(): Promise<{ due: string | null; provisional: boolean } | undefined> {
  const found = await centre.pool.query<{ due: string | null; provisional: boolean }>(
    `SELECT due_date AS due, provisional FROM clock WHERE level = 'case'`,
  );
  return found.rows[0];
}

/** Signed in anew each time: sessions do not outlive the weeks that pass here. */
async function as(username: string, request: string, body?: unknown) {
  const cookie = await centre.signIn(username);
  return centre.call(request, { cookie, ...(body === undefined ? {} : { body }) });
}
const asAdmin = (request: string, body?: unknown) => as('admin', request, body);
const asCounty = (request: string, body?: unknown) => as('zz-admin', request, body);

async function draft(ask = asAdmin): Promise<RulesetDraft> {
  const [latest] = (await ask('GET /api/rulesets')).body as RulesetVersion[];
  const { version } = latest!;
  const { body } = (await ask(`GET /api/rulesets/${version}`)).body as PublishedRuleset;
  const { version: _, ...rest } = body;
  return { base: version, note: '测试', body: rest };
}

async function calendarBase(): Promise<number> {
  return ((await asAdmin('GET /api/calendars')).body as CalendarAnswer).book.version;
}

const waiting = async () => ((await asAdmin('GET /api/rejudging')).body as { waiting: number }).waiting;

describe('the ruleset', () => {
  test('is published from the latest version only, and judges open cases anew', async () => {
    await accept('2026-11-02T09:00:00+08:00', { workingDays: 10 });
    // 12 November is day 8 of 10: Baoding warns at 70 %, the other custom at 90 %.
    await run('2026-11-12T23:59:00+08:00');
    expect(await cards()).toEqual(['notice']);
    const wish = await draft();
    wish.body.assignments.push({ region: '130681', ladder: 'exceeded-first' });
    const answer = await asAdmin('POST /api/rulesets', wish);
    expect(answer).toMatchObject({
      status: 201,
      body: { version: wish.base + 1, inForce: true, createdBy: 'admin' },
    });
    expect(await waiting()).toBe(1);
    await run();
    expect(await waiting()).toBe(0);
    expect(await cards()).toEqual(['notice rescinded']);
    await run('2026-11-17T09:00:00+08:00');
    expect(await cards()).toEqual(['notice rescinded', 'notice', 'yellow']);
    expect((await asAdmin('POST /api/rulesets', wish)).status).toBe(409);
    const audit = (await asAdmin('GET /api/audit')).body as { entries: { action: string; actor: string }[] };
    expect(audit.entries).toContainEqual(
      expect.objectContaining({ action: 'ruleset.published', actor: 'admin' }),
    );
  });

  test('a running clock keeps the ladder under which it began', async () => {
    await accept('2026-11-02T09:00:00+08:00', { workingDays: 10 });
    await run('2026-11-03T09:00:00+08:00');
    const wish = await draft();
    wish.body.assignments.push({ region: '130681', ladder: 'baoding', from: '2026-11-04' });
    expect((await asAdmin('POST /api/rulesets', wish)).status).toBe(201);
    await run('2026-11-17T09:00:00+08:00');
    expect(await cards()).toEqual(['notice', 'yellow']);
  });

  test('is refused with the field and what was expected there, also without publishing', async () => {
    const wish = await draft();
    const [first] = wish.body.assignments;
    const wrong = {
      ...wish,
      body: { ...wish.body, assignments: [...wish.body.assignments, { ...first, ladder: 'nobody' }] },
    };
    for (const request of ['POST /api/rulesets', 'POST /api/rulesets/check']) {
      const { status, body } = await asAdmin(request, wrong);
      const field = `body.assignments.${wish.body.assignments.length}.ladder`;
      expect([status, (body as Problem).errors]).toEqual([
        400,
        [{ field, message: expect.stringContaining('expected one of') }],
      ]);
    }
    expect(await asAdmin('POST /api/rulesets/check', wish)).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect((await draft()).base).toBe(wish.base);
  });

  test('a county changes what holds in it, sees nothing of others, and nothing else', async () => {
    const city = await draft();
    city.body.rules['overdue']!.regions = [{ region: '130682', enabled: false }];
    city.body.assignments.push({ region: '130682', ladder: 'exceeded-first' });
    expect((await asAdmin('POST /api/rulesets', city)).status).toBe(201);
    const own = await draft(asCounty);
    expect(JSON.stringify(own.body)).not.toContain('130682');
    own.body.assignments.push({ region: '130681', matter: 'permit', ladder: 'exceeded-first' });
    own.body.rules['overdue']!.regions = [{ region: '130681100', enabled: false }];
    expect(await asCounty('POST /api/rulesets', own)).toMatchObject({ status: 201 });
    const { body } = await draft();
    expect(body.rules['overdue']!.regions).toEqual([
      { region: '130682', enabled: false },
      { region: '130681100', enabled: false },
    ]);
    expect(body.assignments).toContainEqual({ region: '130682', ladder: 'exceeded-first' });

    const attempts: [string, (wish: RulesetDraft) => void][] = [
      ['body.rules.overdue', ({ body: { rules } }) => (rules['overdue']!.enabled = false)],
      [
        'body.rules.overdue',
        ({ body: { rules } }) => rules['overdue']!.regions!.push({ region: '130682', enabled: true }),
      ],
      ['body.ladders', ({ body: { ladders } }) => (ladders[0]!.name = '另一个')],
      ['body.assignments', ({ body: { assignments } }) => assignments.push({ ladder: 'exceeded-first' })],
      ['body.assignments', ({ body: { assignments } }) => assignments.shift()],
      ['body.limits', (wish) => (wish.body.limits = { order: { workingDays: 1 } })],
    ];
    for (const [field, change] of attempts) {
      const wish = await draft(asCounty);
      change(wish);
      const refused = await asCounty('POST /api/rulesets', wish);
      expect([refused.status, (refused.body as Problem).detail]).toEqual([
        403,
        expect.stringContaining(field),
      ]);
    }
  });

  test('every rule describes itself', async () => {
    const rules = (await as('zz-clerk', 'GET /api/rules')).body as RuleInfo[];
    expect(rules.find(({ id }) => id === 'overdue')).toMatchObject({
      subject: 'case',
      basis: { zh: expect.any(String) },
    });
  });

  test('takes effect by itself when its time comes, however many centres notice', async () => {
    await accept('2026-11-23T08:00:00+08:00', { workingDays: 10 });
    await run();
    const wish = await draft();
    wish.body.assignments = wish.body.assignments.filter(({ region }) => region === undefined);
    wish.body.rules['same-officer']!.enabled = false;
    const later = { ...wish, effectiveFrom: '2026-11-24T00:00:00+08:00' };
    const published = (await asAdmin('POST /api/rulesets', later)).body as PublishedRuleset;
    expect(published).toMatchObject({ inForce: false, effectiveFrom: Date.parse(later.effectiveFrom) });
    expect([rulebook.ruleset().version, await waiting()]).toEqual([wish.base, 0]);
    centre.clock.now = Date.parse('2026-11-24T00:00:01+08:00');
    await Promise.all([rulebook.look(), rulebook.look()]);
    expect([rulebook.ruleset().version, await waiting()]).toEqual([published.version, 1]);
    await run();
    await rulebook.look();
    expect(await waiting()).toBe(0);
  });
});

describe('the calendar', () => {
  test('published in December makes provisional deadlines final', async () => {
    await accept('2026-12-28T09:00:00+08:00', { workingDays: 5 });
    await run('2026-12-28T10:00:00+08:00');
    expect(await clock()).toEqual({ due: '2027-01-04', provisional: true });
    const put = [
      { date: '2027-01-01', working: false, name: '元旦' },
      { date: '2027-01-04', working: false, name: '元旦' },
    ];
    const notice = { base: await calendarBase(), note: '国办发明电', put, remove: [], notices: [2027] };
    expect((await asAdmin('POST /api/calendars', notice)).status).toBe(201);
    await run();
    expect(await clock()).toEqual({ due: '2027-01-06', provisional: false });
    const year = (await asCounty('GET /api/calendars/2027')).body as CalendarYear;
    expect(year).toMatchObject({ announced: true, region: '130681', workingDays: 259 });
    expect(year.days[0]).toEqual({
      date: '2027-01-01',
      working: false,
      name: '元旦',
      origin: 'entered',
      region: null,
    });
    expect((await asAdmin('POST /api/calendars', notice)).status).toBe(409);
  });

  test('rescinds a card of a case that has ended when the day off is entered later', async () => {
    await accept('2026-11-02T09:00:00+08:00', { workingDays: 5 });
    await run('2026-11-10T09:00:00+08:00');
    await tell('case.decided', '2026-11-10T10:00:00+08:00', { outcome: 'granted', reason: '依法' });
    await run('2026-11-10T11:00:00+08:00');
    expect(await cards()).toContain('red');
    const put = [{ region: '130681', date: '2026-11-05', working: false, name: '防汛停工' }];
    const base = await calendarBase();
    const days = { base, note: '停工', put, remove: [] };
    expect((await asCounty('POST /api/calendars', days)).status).toBe(201);
    await run();
    expect(await cards()).toContain('red rescinded');
    expect(await clock()).toMatchObject({ due: '2026-11-10' });
    // Taken out again, the card comes back.
    const out = { base: base + 1, note: '更正', put: [], remove: [{ region: '130681', date: '2026-11-05' }] };
    expect((await asCounty('POST /api/calendars', out)).status).toBe(201);
    await run();
    expect((await cards()).filter((card) => card === 'red')).toHaveLength(1);
  });

  test('a county enters its own days and nobody else’s', async () => {
    const day = { date: '2026-12-01', working: false, name: '停工' };
    const attempts: [unknown, number, RegExp][] = [
      [{ put: [day] }, 403, /^put\.0/],
      [{ put: [{ ...day, region: '130682' }] }, 403, /^put\.0/],
      [{ notices: [2027] }, 403, /^notices/],
      [{ put: [{ ...day, region: '130681999' }] }, 400, /^put\.0\.region/],
      [{ remove: [{ region: '130681', date: '2026-12-01' }] }, 400, /^remove\.0/],
    ];
    for (const [change, status, detail] of attempts) {
      const refused = await asCounty('POST /api/calendars', {
        base: await calendarBase(),
        note: '',
        put: [],
        remove: [],
        ...(change as object),
      });
      expect([refused.status, (refused.body as Problem).detail]).toEqual([
        status,
        expect.stringMatching(detail),
      ]);
    }
    const base = await calendarBase();
    const theirs = { base, note: '定州', put: [{ ...day, region: '130682' }], remove: [] };
    expect((await asAdmin('POST /api/calendars', theirs)).status).toBe(201);
    const { book } = (await asCounty('GET /api/calendars')).body as CalendarAnswer;
    expect(book.version).toBe(base + 1);
    expect(JSON.stringify(book)).not.toContain('130682');
  });
});

describe('matters and halls', () => {
  test('a changed limit moves the deadlines of its running cases', async () => {
    await accept('2026-11-23T08:30:00+08:00', undefined, { matter: 'permit' });
    await run();
    expect(await clock()).toMatchObject({ due: '2026-12-07' });
    const changed = await asAdmin('PATCH /api/matters/permit', {
      ...{
        promised: { workingDays: 3 },
        stageLimits: { 审查: { workingDays: 2 } },
        delivery: { workingDays: 10 },
      },
    });
    expect(changed).toMatchObject({ status: 200, body: { delivery: { workingDays: 10 } } });
    await run();
    expect(await clock()).toMatchObject({ due: '2026-11-26' });
    const taken = (await asAdmin('PATCH /api/matters/permit', { delivery: null })).body as Matter;
    expect(taken.delivery).toBeUndefined();
    expect((await asCounty('PATCH /api/matters/permit', { promised: { workingDays: 9 } })).status).toBe(403);
    const wrong = await asAdmin('PATCH /api/matters/permit', { stageLimits: { 没有: { workingDays: 1 } } });
    expect([wrong.status, (wrong.body as Problem).errors?.[0]?.field]).toEqual([400, 'stageLimits.没有']);
  });

  test('a new matter is added once', async () => {
    const [permit] = (await asAdmin('GET /api/matters')).body as Matter[];
    const lease = { ...permit!, id: 'lease', stages: ['受理', '办结'], stageLimits: undefined };
    expect((await asAdmin('POST /api/matters', lease)).status).toBe(201);
    expect((await asAdmin('POST /api/matters', lease)).status).toBe(409);
    expect((await asCounty('POST /api/matters', { ...lease, id: 'other' })).status).toBe(403);
  });

  test('opening hours move the deadlines counted in hours', async () => {
    const due = async () =>
      (await centre.pool.query<{ due: Date }>('SELECT due_at AS due FROM clock')).rows[0]?.due.toISOString();
    await accept('2026-11-23T09:00:00+08:00', { workingHours: 4 }, { hall: 'zz-hall' });
    await run('2026-11-23T09:05:00+08:00');
    expect(await due()).toBe('2026-11-23T06:30:00.000Z');
    const hours = [['09:00', '17:00']];
    expect((await asCounty('PATCH /api/halls/zz-hall', { hours })).status).toBe(200);
    await run();
    expect(await due()).toBe('2026-11-23T05:00:00.000Z');
    expect((await asCounty('PATCH /api/halls/dz-hall', { hours })).status).toBe(404);
    expect((await asCounty('PATCH /api/halls/zz-hall', { hours: null })).body).not.toHaveProperty('hours');
    const wrong = await asCounty('PATCH /api/halls/zz-hall', { hours: [['17:00', '09:00']] });
    expect(wrong.status).toBe(400);
  });
});
