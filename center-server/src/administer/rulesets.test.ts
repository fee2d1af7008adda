import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Problem, PublishedRuleset, RuleInfo, RulesetDraft } from '@mingjing/contracts';
import { openOffice, type Office } from '../../../tests/helpers/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.close());
beforeEach(() => office.empty());

describe('the ruleset', () => {
  test('is published from the latest version only, and judges open cases anew', async () => {
    await office.accept('2026-11-02T09:00:00+08:00', { workingDays: 10 });
    // 12 November is day 8 of 10: Baoding warns at 70 %, the other custom at 90 %.
    await office.run('2026-11-12T23:59:00+08:00');
    expect(await office.cards()).toEqual(['notice']);
    const wish = await office.draft();
    wish.body.assignments.push({ region: '130681', ladder: 'exceeded-first' });
    const answer = await office.asAdmin('POST /api/rulesets', wish);
    expect(answer).toMatchObject({
      status: 201,
      body: { version: wish.base + 1, inForce: true, createdBy: 'admin' },
    });
    expect(await office.waiting()).toBe(1);
    await office.run();
    expect(await office.waiting()).toBe(0);
    expect(await office.cards()).toEqual(['notice rescinded']);
    await office.run('2026-11-17T09:00:00+08:00');
    expect(await office.cards()).toEqual(['notice rescinded', 'notice', 'yellow']);
    expect((await office.asAdmin('POST /api/rulesets', wish)).status).toBe(409);
    const audit = (await office.asAdmin('GET /api/audit')).body as {
      entries: { action: string; actor: string }[];
    };
    expect(audit.entries).toContainEqual(
      expect.objectContaining({ action: 'ruleset.published', actor: 'admin' }),
    );
  });

  test('a running clock keeps the ladder under which it began', async () => {
    await office.accept('2026-11-02T09:00:00+08:00', { workingDays: 10 });
    await office.run('2026-11-03T09:00:00+08:00');
    const wish = await office.draft();
    wish.body.assignments.push({ region: '130681', ladder: 'baoding', from: '2026-11-04' });
    expect((await office.asAdmin('POST /api/rulesets', wish)).status).toBe(201);
    await office.run('2026-11-17T09:00:00+08:00');
    expect(await office.cards()).toEqual(['notice', 'yellow']);
  });

  test('is refused with the field and what was expected there, also without publishing', async () => {
    const wish = await office.draft();
    const [first] = wish.body.assignments;
    const wrong = {
      ...wish,
      body: { ...wish.body, assignments: [...wish.body.assignments, { ...first, ladder: 'nobody' }] },
    };
    for (const request of ['POST /api/rulesets', 'POST /api/rulesets/check']) {
      const { status, body } = await office.asAdmin(request, wrong);
      const field = `body.assignments.${wish.body.assignments.length}.ladder`;
      expect([status, (body as Problem).errors]).toEqual([
        400,
        [{ field, message: expect.stringContaining('expected one of') }],
      ]);
    }
    expect(await office.asAdmin('POST /api/rulesets/check', wish)).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect((await office.draft()).base).toBe(wish.base);
  });

  test('a county changes what holds in it, sees nothing of others, and nothing else', async () => {
    const city = await office.draft();
    city.body.rules['overdue']!.regions = [{ region: '130682', enabled: false }];
    city.body.assignments.push({ region: '130682', ladder: 'exceeded-first' });
    expect((await office.asAdmin('POST /api/rulesets', city)).status).toBe(201);
    const own = await office.draft(office.asCounty);
    expect(JSON.stringify(own.body)).not.toContain('130682');
    own.body.assignments.push({ region: '130681', matter: 'permit', ladder: 'exceeded-first' });
    own.body.rules['overdue']!.regions = [{ region: '130681100', enabled: false }];
    expect(await office.asCounty('POST /api/rulesets', own)).toMatchObject({ status: 201 });
    const { body } = await office.draft();
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
      const wish = await office.draft(office.asCounty);
      change(wish);
      const refused = await office.asCounty('POST /api/rulesets', wish);
      expect([refused.status, (refused.body as Problem).detail]).toEqual([
        403,
        expect.stringContaining(field),
      ]);
    }
  });

  test('every rule describes itself', async () => {
    const rules = (await office.as('zz-clerk', 'GET /api/rules')).body as RuleInfo[];
    expect(rules.find(({ id }) => id === 'overdue')).toMatchObject({
      subject: 'case',
      basis: { zh: expect.any(String) },
    });
  });

  test('takes effect by itself when its time comes, however many centres notice', async () => {
    await office.accept('2026-11-23T08:00:00+08:00', { workingDays: 10 });
    await office.run();
    const wish = await office.draft();
    wish.body.assignments = wish.body.assignments.filter(({ region }) => region === undefined);
    wish.body.rules['same-officer']!.enabled = false;
    const later = { ...wish, effectiveFrom: '2026-11-24T00:00:00+08:00' };
    const published = (await office.asAdmin('POST /api/rulesets', later)).body as PublishedRuleset;
    expect(published).toMatchObject({ inForce: false, effectiveFrom: Date.parse(later.effectiveFrom) });
    expect([office.rulebook.ruleset().version, await office.waiting()]).toEqual([wish.base, 0]);
    office.centre.clock.now = Date.parse('2026-11-24T00:00:01+08:00');
    await Promise.all([office.rulebook.look(), office.rulebook.look()]);
    expect([office.rulebook.ruleset().version, await office.waiting()]).toEqual([published.version, 1]);
    await office.run();
    await office.rulebook.look();
    expect(await office.waiting()).toBe(0);
  });
});
