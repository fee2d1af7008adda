import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CLOUDEVENT_BATCH,
  type CaseReplay,
  type RecordedSpan,
  type ScreenHistory,
  type Timeline,
} from '@mingjing/contracts';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';

const NINE = Date.parse('2026-11-23T09:00:00+08:00');
const at = (second: number): string => new Date(NINE + second * 1000).toISOString();

let centre: TestCentre;
let inspector: string;
let theirs: string;
let made = 0;

function event(type: string, second: number, data: Record<string, unknown>) {
  made += 1;
  return {
    ...{ specversion: '1.0', id: `e${made}`, source: 'zz-approval', type, time: at(second) },
    data: { region: '130681', ...data },
  };
}
const looked = (second: number, sha: string | null) =>
  event('screen.captured', second, {
    ...{ screen: 'zz-screen', changed: sha !== null, masked: true },
    ...(sha === null
      ? {}
      : {
          image: {
            sha256: sha.length === 1 ? sha.repeat(64) : sha,
            mediaType: 'image/jpeg',
            width: 8,
            height: 8,
            bytes: 3,
          },
        }),
  });

async function post(source: string, events: unknown[]): Promise<void> {
  const headers = { 'content-type': CLOUDEVENT_BATCH };
  const token = centre.tokens[source]!;
  const { body } = await centre.call('POST /api/ingest', { token, headers, body: JSON.stringify(events) });
  expect(body).toMatchObject({ rejected: 0 });
}

beforeAll(async () => {
  centre = await openTestCentre();
  [inspector, theirs] = await Promise.all([centre.signIn('zz-inspector'), centre.signIn('dz-inspector')]);
  centre.clock.now = NINE + 3_600_000;
  const where = { caseNo: 'A1', hall: 'zz-hall', counter: 'zz-1' };
  await post('zz-approval', [
    event('case.accepted', 10, where),
    event('case.stage.started', 20, { caseNo: 'A1', stage: '审查' }),
    event('case.decided', 30, { caseNo: 'A1', hall: 'elsewhere', counter: 'e-1' }),
    event('case.accepted', 40, { caseNo: 'A2' }),
    looked(0, 'a'),
    looked(30, null),
    looked(60, null),
    looked(90, 'b'),
    looked(100, 'c'),
    // Then nobody looked for longer than anybody can vouch for.
    looked(500, 'd'),
  ]);
  await centre.pool.query(
    `INSERT INTO case_state (case_id, case_no, region, source, hall, counter, matter, status, updated_at, updated_seq, state)
     VALUES ('130681:A1', 'A1', '130681', 'zz-approval', 'zz-hall', 'zz-1', 'permit', 'decided', now(), 1, '{}'),
            ('130681:A2', 'A2', '130681', 'zz-approval', NULL, NULL, 'permit', 'accepted', now(), 2, '{}')`,
  );
  await centre.pool.query(
    `INSERT INTO alert (fingerprint, kind, rule, rule_version, region, hall, counter, title, reason, at, raised_at, changed_at)
     SELECT 'f' || n, 'yellow', 'r', 1, '130681', 'zz-hall', CASE n WHEN 1 THEN 'zz-1' WHEN 2 THEN 'zz-2' END,
            '{"zh":"黄牌","en":"Yellow"}', '{"zh":"","en":""}', to_timestamp($1 / 1000.0), now(), now()
     FROM generate_series(1, 3) AS n`,
    [NINE + 15_000],
  );
  // Of the camera itself, wherever it hangs; and of another one at the same counter.
  await centre.pool.query(
    `INSERT INTO alert (fingerprint, kind, rule, rule_version, region, counter, camera, title, reason, at, raised_at, changed_at)
     SELECT 'c' || camera, 'risk', 'camera-tampered', 1, '130681', counter, camera, '{"zh":"遮挡","en":"Covered"}',
            '{"zh":"","en":""}', to_timestamp($1 / 1000.0), now(), now()
     FROM (VALUES ('zz-camera', NULL), ('another', 'zz-1')) AS seen(camera, counter)`,
    [NINE + 17_000],
  );
}, 60_000);

afterAll(async () => {
  await centre.close();
});

const get = async <T>(path: string, cookie = inspector): Promise<T> => {
  const { status, body } = await centre.call(`GET ${path}`, { cookie });
  expect([path, status]).toEqual([path, 200]);
  return body as T;
};

describe('the timeline of cameras', () => {
  test('tells what happened at their counters, in order, and nothing that happened elsewhere', async () => {
    const { marks, cutAt } = await get<Timeline>(
      `/api/timeline?cameras=zz-camera&from=${NINE}&to=${NINE + 60_000}`,
    );
    expect(cutAt).toBeNull();
    expect(marks.map(({ kind, at: when, what }) => [kind, (when - NINE) / 1000, what])).toEqual([
      ['case', 10, 'case.accepted'],
      // At the counter, and somewhere in its hall; the one of another counter is not there.
      ['alert', 15, 'yellow'],
      ['alert', 15, 'yellow'],
      ['alert', 17, 'risk'],
      ['case', 20, 'case.stage.started'],
    ]);
    expect(marks[4]).toMatchObject({
      ...{ caseId: '130681:A1', text: '施工许可证核发 · 审查', textEn: 'Construction permit · 审查' },
      cameras: ['zz-camera'],
    });
  });

  test('is told for a screen alone as well', async () => {
    const span = `from=${NINE}&to=${NINE + 60_000}`;
    const { marks } = await get<Timeline>(`/api/timeline?screens=zz-screen&${span}`);
    expect(marks.map(({ what, cameras }) => [what, cameras])).toEqual(
      ['case.accepted', 'yellow', 'yellow', 'case.stage.started'].map((what) => [what, []]),
    );
    const theirs404 = await centre.call(`GET /api/timeline?screens=zz-screen&${span}`, { cookie: theirs });
    expect(theirs404.status).toBe(404);
    const none = await centre.call(`GET /api/timeline?${span}`, { cookie: inspector });
    expect(none).toMatchObject({ status: 400, body: { errors: [{ field: 'cameras' }] } });
  });

  test('is closed to whoever may not see the camera, and bounded', async () => {
    const asked = `GET /api/timeline?cameras=zz-camera&from=${NINE}`;
    expect((await centre.call(asked, { cookie: theirs })).status).toBe(404);
    const month = await centre.call(`${asked}&to=${NINE + 31 * 86_400_000}`, { cookie: inspector });
    expect(month).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
  });
});

describe('the history of a screen', () => {
  test('is its pictures, each for as long as it is known to have stood', async () => {
    const { frames, cutAt } = await get<ScreenHistory>(
      `/api/screens/zz-screen/history?from=${NINE + 70_000}&to=${NINE + 600_000}`,
    );
    expect(cutAt).toBeNull();
    expect(
      frames.map((frame) => [
        (frame.at - NINE) / 1000,
        (frame.until - NINE) / 1000,
        frame.sha256[0],
        frame.masked,
      ]),
    ).toEqual([
      [0, 90, 'a', true],
      [90, 100, 'b', true],
      [100, 100, 'c', true],
      [500, 500, 'd', true],
    ]);
  });

  test('is drawn as the spans in which somebody looked', async () => {
    const spans = await get<RecordedSpan[]>(`/api/screens/zz-screen/spans?from=${NINE}&to=${NINE + 600_000}`);
    expect(spans.map(({ from, to }) => [(from - NINE) / 1000, (to - NINE) / 1000])).toEqual([
      [0, 100],
      [500, 500],
    ]);
    expect((await centre.call('GET /api/screens/zz-screen/spans', { cookie: theirs })).status).toBe(404);
  });

  test('is closed to another county, and leaves a line in the audit log', async () => {
    const asked = `/api/screens/zz-screen/history?from=${NINE}&to=${NINE + 1000}`;
    expect((await centre.call(`GET ${asked}`, { cookie: theirs })).status).toBe(404);
    await get(asked);
    const { rows } = await centre.pool.query(
      `SELECT actor, object, detail FROM audit_log WHERE action = 'screen.history.viewed' ORDER BY seq DESC LIMIT 1`,
    );
    expect(rows).toEqual([
      { actor: 'zz-inspector', object: 'zz-screen', detail: { from: NINE, to: NINE + 1000 } },
    ]);
  });
});

describe('the replay of a case', () => {
  test('names the camera and the screen of the counter at which each step was done', async () => {
    const { places } = await get<CaseReplay>(`/api/cases/130681%3AA1/replay`);
    expect(places).toEqual([
      {
        ...{ from: 0, hall: 'zz-hall', counter: 'zz-1' },
        cameras: [{ id: 'zz-camera', name: 'zz 摄像机', at: 'counter' }],
        screens: [{ id: 'zz-screen', name: 'zz 屏幕', at: 'counter' }],
      },
      { from: NINE + 30_000, hall: 'elsewhere', counter: 'e-1', cameras: [], screens: [] },
    ]);
  });

  test('falls back on what looks at the whole hall', async () => {
    await centre.pool.query(`UPDATE camera SET counter = NULL WHERE id = 'zz-camera'`);
    const { places } = await get<CaseReplay>(`/api/cases/130681%3AA1/replay`);
    await centre.pool.query(`UPDATE camera SET counter = 'zz-1' WHERE id = 'zz-camera'`);
    expect(places[0]).toMatchObject({
      cameras: [{ id: 'zz-camera', at: 'hall' }],
      screens: [{ at: 'counter' }],
    });
  });

  test('is closed to another county', async () => {
    expect((await centre.call('GET /api/cases/130681%3AA1/replay', { cookie: theirs })).status).toBe(404);
  });
});

// Last: the sessions of the others do not outlive it.
test('pictures of a screen are given by when they were shown, however long ago', async () => {
  centre.clock.now = NINE + 40 * 86_400_000;
  const bytes = Buffer.from([0xff, 0xd8, 0xff]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await post('zz-approval', [looked(700, sha256)]);
  await centre.blobs.put(sha256, bytes);
  const cookie = await centre.signIn('zz-inspector');
  const image = `GET /api/screens/zz-screen/image?sha256=${sha256}`;
  const late = await centre.call(image, { cookie });
  const told = await centre.call(`${image}&at=${NINE + 700_000}`, { cookie });
  const wrong = await centre.call(`${image}&at=${NINE + 5000}`, { cookie });
  expect([late.status, told.status, wrong.status]).toEqual([404, 200, 404]);
});
