import type { AlertRouting, Alert, Silence } from '@mingjing/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestCentre } from '../../../tests/helpers/centre.ts';
import {
  FRIDAY,
  openRoutingStand,
  sentence,
  ZHUOZHOU,
  type RoutingStand,
} from '../../../tests/helpers/routingStand.ts';
import { inTransaction, openPool } from '../store/database.ts';
import { endAlerts } from '../store/alerts/endAlerts.ts';
import { dueForRouting } from '../store/routing/dueForRouting.ts';
import { decideAbout, writeDecisions } from './decisions.ts';
import { routeDue, type RoutingDeps } from './step.ts';

let stand: RoutingStand;
let centre: TestCentre;
let deps: RoutingDeps;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  stand = await openRoutingStand();
  ({ centre, deps } = stand);
  for (const name of ['inspector', 'zz-inspector', 'zz-admin']) cookies[name] = await centre.signIn(name);
}, 60_000);
afterAll(() => stand.close());
beforeEach(() => stand.clear());

const raise: RoutingStand['raise'] = (...alerts) => stand.raise(...alerts);
const red: RoutingStand['red'] = (caseNo, change) => stand.red(caseNo, change);
const until: RoutingStand['until'] = (text) => stand.until(text);
const told = () => stand.told();
const historyOf = (id: number) => stand.historyOf(id, cookies['inspector']!);
const end = (fingerprint: string) =>
  endAlerts(centre.pool, [{ fingerprint, reason: sentence('更正') }], centre.clock.now);
const silent = () =>
  red('', {
    ...{
      fingerprint: 'silent-collector|zz-approval',
      kind: 'silent',
      rule: 'silent-collector',
      caseId: null,
    },
    ...{ caseNo: null, department: null, sourceId: 'zz-approval', title: sentence('涿州审批 采集静默') },
  });

const act = (id: number, body: unknown, as = 'zz-inspector') =>
  centre.call(`POST /api/alerts/${id}/actions`, { cookie: cookies[as]!, body });

describe('telling', () => {
  test('a group as one; unheard, the city once the county’s working hours are over', async () => {
    await raise(red('A-1'), red('A-2'));
    centre.clock.now += 40_000;
    await raise(red('A-3'));
    await until('2026-11-24T18:00');
    expect(await told()).toEqual([
      '11-20 16:31 zz-inspector 3 涿州市住建局 3 张红牌',
      '11-23 14:01 inspector 3 涿州市住建局 3 张红牌',
      '11-23 14:01 leader 3 涿州市住建局 3 张红牌',
    ]);
  });

  test('once, however often and by however many centres it is looked at', async () => {
    const ids = await raise(...Array.from({ length: 40 }, (_, index) => red(`B-${index}`)));
    centre.clock.now += 60_000;
    const other = openPool(centre.databaseUrl, 4, () => undefined);
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => routeDue(index % 2 === 0 ? deps : { ...deps, pool: other })),
    );
    await other.end();
    while ((await routeDue(deps)) !== null);
    // As after a restart that lost every memory: everything is looked at anew.
    await centre.pool.query('UPDATE alert SET next_at = raised_at');
    while ((await routeDue(deps)) !== null);
    const found = await centre.pool.query<{ tellings: number; messages: number }>(
      'SELECT count(*) AS tellings, count(DISTINCT message) AS messages FROM telling',
    );
    expect(found.rows).toEqual([{ tellings: ids.length, messages: 1 }]);
  });

  test('cut off between decision and write, it is decided again and told once', async () => {
    await raise(red('C-1'));
    centre.clock.now += 60_000;
    const { now } = centre.clock;
    const doomed = openPool(centre.databaseUrl, 1, () => undefined);
    const cut = inTransaction(doomed, async (client) => {
      const decided = await decideAbout(client, deps, await dueForRouting(client, now, 10), now, deps.failed);
      expect(decided[0]?.decision.tell).toHaveLength(1);
      await writeDecisions(client, deps, decided, now);
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await centre.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    });
    await expect(cut).rejects.toThrow();
    await doomed.end();
    expect(await told()).toEqual([]);
    while ((await routeDue(deps)) !== null);
    expect(await told()).toEqual(['11-20 16:31 zz-inspector 1 C-1 逾期']);
  });
});

describe('acknowledging', () => {
  test('unhandled in its time, the alert opens again and goes up', async () => {
    const [id] = await raise(red('D-1'));
    await until('2026-11-23T09:30');
    expect((await act(id!, { action: 'acknowledge', hours: 2 })).body).toMatchObject({
      state: 'acknowledged',
      acknowledgedUntil: Date.parse('2026-11-23T11:30:00+08:00'),
    });
    expect((await act(id!, { action: 'note', hours: 2 })).status).toBe(400);
    await until('2026-11-23T12:00');
    expect(await historyOf(id!)).toEqual(['raised', 'told', 'acknowledged', 're-armed', 'told', 'escalated']);
    expect((await told()).slice(1)).toEqual([
      '11-23 11:30 zz-inspector 1 D-1 逾期',
      '11-23 11:30 inspector 1 D-1 逾期',
      '11-23 11:30 leader 1 D-1 逾期',
    ]);
    const { body } = await centre.call(`GET /api/alerts/${id}`, { cookie: cookies['inspector']! });
    expect(body).toMatchObject({ alert: { state: 'open', level: 1, acknowledgedUntil: null } });
  });
});

describe('quiet', () => {
  test('a silence: listed, marked and not told; ended, it is told; every act is in the audit log', async () => {
    const [id] = await raise(red('E-1'));
    const body = {
      ...{ region: ZHUOZHOU, department: 'zz-housing', reason: '系统升级' },
      expiresAt: Date.parse('2026-11-25T09:00:00+08:00'),
    };
    const made = await centre.call('POST /api/silences', { cookie: cookies['zz-inspector']!, body });
    expect([made.status, made.body]).toMatchObject([201, { author: '孟庆山', alerts: 1, endedAt: null }]);
    await until('2026-11-23T09:00');
    const silence = made.body as Silence;
    const page = await centre.call('GET /api/alerts', { cookie: cookies['inspector']! });
    expect(page.body).toMatchObject({
      alerts: [
        { id, state: 'open', level: null, silence: { id: silence.id, by: '孟庆山', reason: '系统升级' } },
      ],
    });
    expect(await told()).toEqual([]);
    const ending = () => centre.call(`DELETE /api/silences/${silence.id}`, { cookie: cookies['zz-admin']! });
    expect((await ending()).body).toMatchObject({ endedBy: '刘振华', alerts: 0 });
    expect((await ending()).status).toBe(409);
    await until('2026-11-23T09:01');
    expect(await told()).toEqual(['11-23 09:00 zz-inspector 1 E-1 逾期']);
    expect(await historyOf(id!)).toEqual(['raised', 'silenced', 'unsilenced', 'told']);
    const audit = await centre.pool.query<{ action: string; actor: string }>(
      `SELECT action, actor FROM audit_log WHERE action LIKE 'silence.%' ORDER BY seq`,
    );
    expect(audit.rows).toEqual([
      { action: 'silence.added', actor: 'zz-inspector' },
      { action: 'silence.ended', actor: 'zz-admin' },
    ]);
  });

  test('expires by itself, and asks for a reason and a time of at most 30 days', async () => {
    await raise(red('F-1'));
    const post = (body: object) =>
      centre.call('POST /api/silences', {
        cookie: cookies['zz-inspector']!,
        body: { region: ZHUOZHOU, ...body },
      });
    const soon = FRIDAY + 600_000;
    expect((await post({ reason: '检修', expiresAt: soon })).status).toBe(201);
    expect((await post({ reason: ' ', expiresAt: soon })).status).toBe(400);
    expect((await post({ reason: '检修', expiresAt: FRIDAY })).status).toBe(400);
    expect((await post({ reason: '检修', expiresAt: FRIDAY + 31 * 86_400_000 })).status).toBe(400);
    await until('2026-11-20T16:45');
    expect(await told()).toEqual(['11-20 16:40 zz-inspector 1 F-1 逾期']);
    const { body } = await centre.call('GET /api/silences?ended=true', { cookie: cookies['inspector']! });
    expect(body).toMatchObject([{ endedAt: soon, endedBy: null }]);
    expect((await centre.call('GET /api/silences', { cookie: cookies['inspector']! })).body).toEqual([]);
  });

  test('a silence of the region above is seen where it holds, with the alerts of the reader only', async () => {
    await raise(red('K-1'), red('K-2', { region: '130682', caseId: '130682:K-2' }));
    const body = { region: '130600', reason: '全市系统升级', expiresAt: centre.clock.now + 3_600_000 };
    expect((await centre.call('POST /api/silences', { cookie: cookies['inspector']!, body })).status).toBe(
      201,
    );
    const seen = async (as: string) =>
      (await centre.call('GET /api/silences', { cookie: cookies[as]! })).body as Silence[];
    expect(await seen('inspector')).toMatchObject([{ region: '130600', alerts: 2 }]);
    expect(await seen('zz-inspector')).toMatchObject([{ region: '130600', alerts: 1 }]);
  });

  test('an order holds through an alert that is taken back and returns', async () => {
    const [id] = await raise(red('L-1'));
    await until('2026-11-20T16:35');
    // As an order leaves it: nobody gives one through this interface yet.
    await centre.pool.query(`UPDATE alert SET state = 'ordered' WHERE id = $1`, [id]);
    await centre.pool.query(
      `INSERT INTO alert_history (alert_id, at, action) SELECT $1, to_timestamp($2 / 1000.0), 'ordered'`,
      [id, centre.clock.now],
    );
    await end(red('L-1').fingerprint);
    await until('2026-11-20T16:40');
    expect(await raise(red('L-1'))).toEqual([id]);
    const { body } = await centre.call(`GET /api/alerts/${id}`, { cookie: cookies['inspector']! });
    expect((body as { alert: Alert }).alert.state).toBe('ordered');
    expect((await historyOf(id!)).slice(-3)).toEqual(['rescinded', 'reopened', 'ordered']);
  });

  test('a red card silences the yellow one of its clock; taken back, the yellow one is told', async () => {
    const yellow = red('G-1', { kind: 'yellow', fingerprint: `card|${ZHUOZHOU}:G-1|yellow` });
    const [mild] = await raise(yellow);
    await raise(red('G-1'));
    await until('2026-11-20T16:40');
    expect(await told()).toEqual(['11-20 16:31 zz-inspector 1 G-1 逾期']);
    const { body } = await centre.call(`GET /api/alerts/${mild}`, { cookie: cookies['inspector']! });
    expect((body as { alert: Alert }).alert.inhibitedBy).toMatchObject({ title: { zh: 'G-1 逾期' } });
    await end(`card|${ZHUOZHOU}:G-1|red`);
    await until('2026-11-20T16:50');
    expect(await historyOf(mild!)).toEqual(['raised', 'inhibited', 'uninhibited', 'told']);
  });

  test('a silent source inhibits the alerts of its cases, and flapping it is told once', async () => {
    await centre.pool.query(
      `INSERT INTO case_state (case_id, case_no, region, source, status, updated_at, updated_seq, state)
       VALUES ('${ZHUOZHOU}:H-1', 'H-1', '${ZHUOZHOU}', 'zz-approval', 'accepted', now(), 1, '{}')`,
    );
    const [source] = await raise(silent());
    const [late] = await raise(red('H-1'));
    await until('2026-11-20T16:35');
    expect(await told()).toEqual([
      '11-20 16:32 zz-admin 1 涿州审批 采集静默',
      '11-20 16:32 zz-inspector 1 涿州审批 采集静默',
    ]);
    await end(silent().fingerprint);
    await until('2026-11-20T16:36');
    expect(await raise(silent())).toEqual([source]);
    await until('2026-11-20T16:50');
    expect(await historyOf(source!)).toEqual(['raised', 'told', 'closed', 'reopened']);
    expect((await historyOf(late!)).slice(0, 3)).toEqual(['raised', 'inhibited', 'uninhibited']);
    expect((await told()).filter((line) => line.includes('静默'))).toHaveLength(2);
    // An hour later it is another silence.
    await end(silent().fingerprint);
    await until('2026-11-20T18:00');
    expect(await raise(silent())).not.toEqual([source]);
  });
});

describe('the dry run', () => {
  test('says who was told and who would be, and names only those whom the reader may see', async () => {
    const [id] = await raise(red('I-1'));
    await until('2026-11-20T17:00');
    const ask = async (as: string, query = '') =>
      (await centre.call(`GET /api/alerts/${id}/routing${query}`, { cookie: cookies[as]! }))
        .body as AlertRouting;
    const whole = await ask('inspector');
    expect(whole).toMatchObject({
      decision: { stage: 'escalate', reason: { name: 'awaits-acknowledgement' } },
      told: [{ level: 0, title: { zh: 'I-1 逾期' }, who: [{ user: '孟庆山', role: 'inspector' }] }],
      next: [{ at: Date.parse('2026-11-23T14:01:00+08:00'), level: 1, reason: { name: 'escalated' } }],
    });
    expect(whole.next[0]?.who.map(({ user }) => user)).toEqual(['王敏', '宋书记']);
    const county = await ask('zz-inspector');
    expect(county.told[0]?.who[0]?.user).toBe('孟庆山');
    expect(county.next[0]?.who).toMatchObject([{ user: null, regionName: '保定市' }, { user: null }]);
    // Before it was told, and after all is told.
    expect(await ask('inspector', `?at=${FRIDAY}`)).toMatchObject({
      decision: { stage: 'group' },
      told: [],
      next: [{ level: 0 }, { level: 1 }],
    });
    const later = await ask('inspector', '?at=2026-11-25T09:00:00%2B08:00');
    expect(later).toMatchObject({ decision: { reason: { name: 'top' }, until: null } });
    const answer = await centre.call(`GET /api/alerts/${id}/routing?at=soon`, {
      cookie: cookies['inspector']!,
    });
    expect(answer.status).toBe(400);
  });
});
