import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CLOUDEVENT, CLOUDEVENT_BATCH, type IngestAnswer, type Problem } from '@mingjing/contracts';
import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents';
import {
  caseEvent,
  daysAgo,
  openInstallation,
  type Answer,
  type Installation,
} from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const WITHIN_MS = 45_000;
const HASH = 'ab'.repeat(32);
/** So deep that whoever walks it by recursion runs out of stack. */
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

let centre: Installation;
let pid: number;

function ingest(
  contentType: string,
  body: string | Buffer,
  token = centre.tokens['zz-approval']!,
): Promise<Answer> {
  return centre.call('POST /api/ingest', { token, headers: { 'content-type': contentType }, body });
}

/** A good event whose JSON text has `"§"` replaced by other JSON. */
function withJson(data: Record<string, unknown>, json: string, kind = 'case.accepted'): string {
  return JSON.stringify(caseEvent(kind, daysAgo(1), data)).replace('"§"', json);
}

function expectProblem(answer: Answer, status: number, detail: RegExp): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: expect.anything() });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect((answer.body as Problem).detail).toMatch(detail);
}

// The leak check has hooks of its own around those of the group.
describe('what nobody should send', () => {
  beforeAll(async () => {
    centre = await openInstallation();
    pid = centre.centre.pid;
    expect(
      await centre.post('zz-approval', [caseEvent('case.accepted', daysAgo(1), { caseNo: '先-1' })]),
    ).toMatchObject({ stored: 1 });
  }, 120_000);
  afterAll(() => centre.close(), 60_000);

  describe('a request that cannot be used is refused as a whole, and says why', () => {
    test('a body that is not JSON, not UTF-8, or not a batch', async () => {
      expectProblem(await ingest(CLOUDEVENT, '{"specversion":"1.0",'), 400, /not JSON/);
      expectProblem(await ingest(CLOUDEVENT, ''), 400, /not JSON/);
      expectProblem(await ingest(CLOUDEVENT, Buffer.from([0x22, 0xff, 0xfe, 0x22])), 400, /not UTF-8/);
      expectProblem(await ingest(CLOUDEVENT_BATCH, '{}'), 400, /not a JSON array/);
    });

    test('a content type that is not that of CloudEvents', async () => {
      const event = JSON.stringify(caseEvent('case.accepted', daysAgo(1), { caseNo: '型-1' }));
      for (const type of ['text/plain', 'application/json', 'application/xml'])
        expectProblem(await ingest(type, event), 415, /application\/cloudevents\+json/);
    });

    test('a body of 20 MB and a batch of 2,001', async () => {
      const note = 'x'.repeat(20 * 1024 * 1024);
      const large = JSON.stringify(caseEvent('case.accepted', daysAgo(1), { caseNo: '大-1', note }));
      expectProblem(await ingest(CLOUDEVENT, large), 413, /larger/);
      const many = Array.from({ length: 2001 }, () =>
        caseEvent('case.resumed', daysAgo(1), { caseNo: '多-1' }),
      );
      expectProblem(
        await ingest(CLOUDEVENT_BATCH, JSON.stringify(many)),
        413,
        /2001 events; expected at most 2000/,
      );
    });

    test('no token and a wrong one, before the body is read', async () => {
      expectProblem(await ingest(CLOUDEVENT, '{', ''), 401, /token/);
      expectProblem(await ingest(CLOUDEVENT, 'x'.repeat(20 * 1024 * 1024), 'mjs_guessed'), 401, /token/);
    });

    test('a picture with another hash, of no hash at all, and too large a one', async () => {
      const put = (hash: string, body: Buffer) =>
        centre.call(`PUT /api/ingest/blobs/${hash}`, { token: centre.tokens['media']!, body });
      expectProblem(await put(HASH, Buffer.from('picture')), 400, /hash|SHA-256/i);
      expectProblem(await put('..%2F..%2Fetc', Buffer.from('picture')), 400, /hash|SHA-256|hex/i);
      expectProblem(await put(HASH, Buffer.alloc(9 * 1024 * 1024)), 413, /larger/);
    });

    test('an attribute in a header that no URL decoder takes', async () => {
      const { specversion, source, type, time, data } = caseEvent('case.resumed', daysAgo(1), {
        caseNo: '头-1',
      });
      const headers = {
        ...{ 'content-type': 'application/json', 'ce-specversion': specversion, 'ce-id': '100%' },
        ...{ 'ce-source': source, 'ce-type': type, 'ce-time': time },
      };
      const token = centre.tokens['zz-approval']!;
      const answer = await centre.call('POST /api/ingest', { token, headers, body: JSON.stringify(data) });
      expectProblem(answer, 400, /ce-id/);
    });

    test('addresses and bodies of the rest of the API', async () => {
      const cookie = await centre.signIn('admin');
      const attempts: [string, unknown, number][] = [
        ['POST /api/session', '{"username":', 400],
        ['POST /api/session', DEEP, 400],
        ['POST /api/session', { username: ['admin'], password: 1 }, 400],
        ['POST /api/session', { username: 'x', password: 'x'.repeat(300_000) }, 413],
        ['POST /api/users', { username: 'x', __proto__: null, role: 'emperor' }, 400],
        ['GET /api/alerts/one', undefined, 400],
        ['GET /api/alerts/99999999999999999999', undefined, 400],
        ['GET /api/alerts?limit=0', undefined, 400],
        ['GET /api/alerts?kind=purple', undefined, 400],
        ['GET /api/alerts?unknown=1', undefined, 400],
        ['GET /api/cases?text[a]=1&text[b]=2', undefined, 400],
        ['GET /api/cases?after=%00', undefined, 400],
        ['GET /api/cases/%FF', undefined, 400],
        ['GET /api/wall?region=13%25', undefined, 400],
        ['GET /api/nothing', undefined, 404],
      ];
      for (const [request, body, status] of attempts) {
        const answer = await centre.call(request, { cookie, ...(body === undefined ? {} : { body }) });
        expect([request, answer.status]).toEqual([request, status]);
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
    });
  });

  describe('an event that cannot be used never sinks those beside it', () => {
    const good = () => caseEvent('case.accepted', daysAgo(1), { caseNo: '旁-1' });
    const bad: [string, () => string, RegExp][] = [
      ['no event at all', () => '42', /expected object/],
      ['null', () => 'null', /expected object/],
      ['a wrong type', () => withJson({ caseNo: '坏', title: '§' }, '7'), /^data\.title: .*\(came: 7\)/],
      [
        'an unknown kind',
        () => withJson({ caseNo: '坏' }, '', 'case.eaten'),
        /^type: "case\.eaten" is not a kind/,
      ],
      ['no case number', () => withJson({}, ''), /^data\.caseNo: /],
      [
        'a region that there is not',
        () => withJson({ caseNo: '坏', region: '999999' }, ''),
        /^data\.region: 999999/,
      ],
      [
        'the year 9999',
        () => JSON.stringify({ ...good(), time: '9999-12-31T23:59:59Z' }),
        /^time: the year 9999 is out of range/,
      ],
      [
        '31 April',
        () => JSON.stringify({ ...good(), time: '2026-04-31T09:00:00Z' }),
        /^time: .*does not exist/,
      ],
      [
        'tomorrow',
        () => JSON.stringify({ ...good(), time: daysAgo(-1) }),
        /^time: .*minutes ahead of the centre's clock/,
      ],
      ['a NUL', () => withJson({ caseNo: '坏', title: '§' }, String.raw`"a\u0000b"`), /^data\.title: .*NUL/],
      [
        'half a character',
        () => withJson({ caseNo: '坏', title: '§' }, String.raw`"\ud83d"`),
        /^data\.title: /,
      ],
      ['100,000 levels', () => withJson({ caseNo: '坏', extra: '§' }, DEEP), /nested/],
      ['100,000 levels where anything goes', () => withJson({ x: '§' }, DEEP, 'trading.opened'), /nested/],
      ['100,000 levels as the event', () => DEEP, /nested/],
    ];

    test.each(bad)('%s', async (_name, json, reason) => {
      const [before, after] = [good(), good()];
      const batch = `[${JSON.stringify(before)},${json()},${JSON.stringify(after)}]`;
      const answer = await ingest(CLOUDEVENT_BATCH, batch);
      expect(answer.status).toBe(200);
      const { stored, rejected, results } = answer.body as IngestAnswer;
      expect({ stored, rejected }).toEqual({ stored: 2, rejected: 1 });
      expect(results[1]).toMatchObject({
        index: 1,
        status: 'rejected',
        reason: expect.stringMatching(reason),
      });
    });

    test('each is kept as a dead letter with its reason', async () => {
      const cookie = await centre.signIn('admin');
      const { body } = await centre.call('GET /api/dead-letters?limit=500', { cookie });
      const { letters, total } = body as { letters: { reason: string }[]; total: number };
      expect(total).toBe(bad.length);
      for (const [name, , reason] of bad) {
        expect([name, letters.some((letter) => reason.test(letter.reason))]).toEqual([name, true]);
      }
    });
  });

  test('rows that the store or the rules cannot digest stop nobody', async () => {
    const strange = [
      { caseNo: '毒-1', limit: { budget: { workingDays: 5 }, zone: 'Mars/Olympus' } },
      { caseNo: '毒-2', limit: { budget: { workingDays: 100_000 } } },
      { caseNo: '毒-3', limit: { budget: { calendarDays: 100_000 } } },
      { caseNo: '毒-4', limit: { budget: { workingHours: 0.000_001 } } },
      { caseNo: '毒-5', limit: { budget: { until: '1970-01-01T00:00:00Z' } } },
      { caseNo: '__proto__', matter: 'constructor', department: 'toString', officer: 'hasOwnProperty' },
    ].map((data) => caseEvent('case.accepted', daysAgo(1), data));
    const odd = withJson({ x: '§' }, `${'['.repeat(2000)}${']'.repeat(2000)}`, 'trading.opened');
    const escaped = withJson({ 'k\u0000': '§' }, String.raw`"\ud83d \u0000"`, 'trading.opened');
    const old = caseEvent('case.accepted', '1970-01-01T00:00:00Z', { caseNo: '毒-6' });
    const last = caseEvent('case.accepted', daysAgo(1), { caseNo: '末-1' });
    const batch = [...strange, old, last].map((event) => JSON.stringify(event));
    const { status, body } = await ingest(CLOUDEVENT_BATCH, `[${[odd, escaped, ...batch].join(',')}]`);
    expect(status).toBe(200);
    expect((body as IngestAnswer).stored).toBeGreaterThanOrEqual(batch.length);
    const folded = async () =>
      (await centre.pool.query<{ no: string }>('SELECT case_no AS no FROM case_state ORDER BY 1')).rows.map(
        ({ no }) => no,
      );
    const numbers = await until(folded, (found) => found.includes('末-1'), WITHIN_MS);
    expect(numbers).toEqual(
      expect.arrayContaining(['毒-1', '毒-2', '毒-3', '毒-4', '毒-5', '毒-6', '__proto__']),
    );
    const cookie = await centre.signIn('inspector');
    for (const no of numbers) {
      const found = await centre.call(`GET /api/cases/${encodeURIComponent(`130681:${no}`)}`, { cookie });
      expect([no, found.status]).toEqual([no, 200]);
    }
  }, 90_000);

  test.each([Mode.BINARY, Mode.STRUCTURED])(
    'an off-the-shelf CloudEvents client gets through: %s',
    async (mode) => {
      const headers = { authorization: `Bearer ${centre.tokens['zz-approval']!}` };
      const emit = emitterFor(httpTransport(`${centre.url}/api/ingest`), { mode });
      const event = new CloudEvent({
        ...{ id: `sdk-${mode}`, source: 'zz-approval', type: 'case.accepted', time: daysAgo(1) },
        data: { region: '130681', caseNo: `客-${mode}`, title: '明镜高悬' },
      });
      const answer = (await emit(event, { headers })) as { body: string };
      expect(JSON.parse(answer.body)).toMatchObject({
        stored: 1,
        rejected: 0,
        results: [{ id: `sdk-${mode}` }],
      });
      const held = await centre.pool.query(`SELECT data->>'title' AS title FROM observation WHERE id = $1`, [
        `sdk-${mode}`,
      ]);
      expect(held.rows).toEqual([{ title: '明镜高悬' }]);
    },
  );

  test('after all of it the same process lives, and what it took before is still there', async () => {
    expect((await centre.call('GET /readyz')).status).toBe(200);
    expect(centre.centre.pid).toBe(pid);
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(centre.centre.log()).not.toMatch(/a request failed|unhandled|step failed/);
    const cookie = await centre.signIn('inspector');
    const first = `GET /api/cases/${encodeURIComponent('130681:先-1')}`;
    expect((await centre.call(first, { cookie })).body).toMatchObject({ caseNo: '先-1', status: 'accepted' });
  });
});
