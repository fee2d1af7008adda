import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CalendarAnswer, CalendarYear, Matter, Problem } from '@mingjing/contracts';
import { openOffice, type Office } from '../../../tests/helpers/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.close());
beforeEach(() => office.empty());

describe('the calendar', () => {
  test('published in December makes provisional deadlines final', async () => {
    await office.accept('2026-12-28T09:00:00+08:00', { workingDays: 5 });
    await office.run('2026-12-28T10:00:00+08:00');
    expect(await office.clock()).toEqual({ due: '2027-01-04', provisional: true });
    const put = [
      { date: '2027-01-01', working: false, name: '元旦' },
      { date: '2027-01-04', working: false, name: '元旦' },
    ];
    const notice = {
      base: await office.calendarBase(),
      note: '国办发明电',
      put,
      remove: [],
      notices: [2027],
    };
    expect((await office.asAdmin('POST /api/calendars', notice)).status).toBe(201);
    await office.run();
    expect(await office.clock()).toEqual({ due: '2027-01-06', provisional: false });
    const year = (await office.asCounty('GET /api/calendars/2027')).body as CalendarYear;
    expect(year).toMatchObject({ announced: true, region: '130681', workingDays: 259 });
    expect(year.days[0]).toEqual({
      date: '2027-01-01',
      working: false,
      name: '元旦',
      origin: 'entered',
      region: null,
    });
    expect((await office.asAdmin('POST /api/calendars', notice)).status).toBe(409);
  });

  test('rescinds a card of a case that has ended when the day off is entered later', async () => {
    await office.accept('2026-11-02T09:00:00+08:00', { workingDays: 5 });
    await office.run('2026-11-10T09:00:00+08:00');
    await office.tell('case.decided', '2026-11-10T10:00:00+08:00', { outcome: 'granted', reason: '依法' });
    await office.run('2026-11-10T11:00:00+08:00');
    expect(await office.cards()).toContain('red');
    const put = [{ region: '130681', date: '2026-11-05', working: false, name: '防汛停工' }];
    const base = await office.calendarBase();
    const days = { base, note: '停工', put, remove: [] };
    expect((await office.asCounty('POST /api/calendars', days)).status).toBe(201);
    await office.run();
    expect(await office.cards()).toContain('red rescinded');
    expect(await office.clock()).toMatchObject({ due: '2026-11-10' });
    // Taken out again, the card comes back.
    const out = { base: base + 1, note: '更正', put: [], remove: [{ region: '130681', date: '2026-11-05' }] };
    expect((await office.asCounty('POST /api/calendars', out)).status).toBe(201);
    await office.run();
    expect((await office.cards()).filter((card) => card === 'red')).toHaveLength(1);
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
      const refused = await office.asCounty('POST /api/calendars', {
        base: await office.calendarBase(),
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
    const base = await office.calendarBase();
    const theirs = { base, note: '定州', put: [{ ...day, region: '130682' }], remove: [] };
    expect((await office.asAdmin('POST /api/calendars', theirs)).status).toBe(201);
    const { book } = (await office.asCounty('GET /api/calendars')).body as CalendarAnswer;
    expect(book.version).toBe(base + 1);
    expect(JSON.stringify(book)).not.toContain('130682');
  });
});

describe('matters and halls', () => {
  test('a changed limit moves the deadlines of its running cases', async () => {
    await office.accept('2026-11-23T08:30:00+08:00', undefined, { matter: 'permit' });
    await office.run();
    expect(await office.clock()).toMatchObject({ due: '2026-12-07' });
    const changed = await office.asAdmin('PATCH /api/matters/permit', {
      ...{
        promised: { workingDays: 3 },
        stageLimits: { 审查: { workingDays: 2 } },
        delivery: { workingDays: 10 },
      },
    });
    expect(changed).toMatchObject({ status: 200, body: { delivery: { workingDays: 10 } } });
    await office.run();
    expect(await office.clock()).toMatchObject({ due: '2026-11-26' });
    const taken = (await office.asAdmin('PATCH /api/matters/permit', { delivery: null })).body as Matter;
    expect(taken.delivery).toBeUndefined();
    expect(
      (await office.asCounty('PATCH /api/matters/permit', { promised: { workingDays: 9 } })).status,
    ).toBe(403);
    const wrong = await office.asAdmin('PATCH /api/matters/permit', {
      stageLimits: { 没有: { workingDays: 1 } },
    });
    expect([wrong.status, (wrong.body as Problem).errors?.[0]?.field]).toEqual([400, 'stageLimits.没有']);
  });

  test('a new matter is added once', async () => {
    const [permit] = (await office.asAdmin('GET /api/matters')).body as Matter[];
    const lease = { ...permit!, id: 'lease', stages: ['受理', '办结'], stageLimits: undefined };
    expect((await office.asAdmin('POST /api/matters', lease)).status).toBe(201);
    expect((await office.asAdmin('POST /api/matters', lease)).status).toBe(409);
    expect((await office.asCounty('POST /api/matters', { ...lease, id: 'other' })).status).toBe(403);
  });

  test('opening hours move the deadlines counted in hours', async () => {
    const due = async () =>
      (
        await office.centre.pool.query<{ due: Date }>('SELECT due_at AS due FROM clock')
      ).rows[0]?.due.toISOString();
    await office.accept('2026-11-23T09:00:00+08:00', { workingHours: 4 }, { hall: 'zz-hall' });
    await office.run('2026-11-23T09:05:00+08:00');
    expect(await due()).toBe('2026-11-23T06:30:00.000Z');
    const hours = [['09:00', '17:00']];
    expect((await office.asCounty('PATCH /api/halls/zz-hall', { hours })).status).toBe(200);
    await office.run();
    expect(await due()).toBe('2026-11-23T05:00:00.000Z');
    expect((await office.asCounty('PATCH /api/halls/dz-hall', { hours })).status).toBe(404);
    expect((await office.asCounty('PATCH /api/halls/zz-hall', { hours: null })).body).not.toHaveProperty(
      'hours',
    );
    const wrong = await office.asCounty('PATCH /api/halls/zz-hall', { hours: [['17:00', '09:00']] });
    expect(wrong.status).toBe(400);
  });
});
