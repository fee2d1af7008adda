import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditPage, RecordedExtent, RecordedSpans, RecordingOrder, Segment } from '@mingjing/contracts';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';

const NINE = Date.parse('2026-11-23T09:00:00+08:00');
const HOUR = 3_600_000;
const PLAN = { mode: 'alert', beforeSeconds: 30, afterSeconds: 60, keepDays: 30, keepBytes: null };

let centre: TestCentre;
let cookie: string;

const segment = (second: number, more: Partial<Segment> = {}): Segment => ({
  ...{ camera: 'zz-camera', startedAt: NINE + second * 1000, endedAt: NINE + second * 1000 + 4000 },
  ...{ bytes: 100, mimeType: 'video/mp4', width: 1, height: 1, mediaTime: 0 },
  ...more,
});
const tell = (added: Segment[], removed: Pick<Segment, 'camera' | 'startedAt'>[] = []) =>
  centre.call('POST /api/service/recordings', { token: centre.tokens['media']!, body: { added, removed } });
const asked = (what: string) =>
  centre.call(`GET /api/recordings/${what}&from=${NINE}&to=${NINE + HOUR}`, { cookie });

beforeAll(async () => {
  centre = await openTestCentre();
  cookie = await centre.signIn('zz-inspector');
  await centre.pool.query(
    `INSERT INTO counter (id, hall, department, name)
     SELECT 'zz-2', hall, department, '二号' FROM counter WHERE id = 'zz-1'`,
  );
  await centre.pool.query(
    `INSERT INTO camera (id, name, region, hall, counter, source)
     SELECT id, id, '130681', 'zz-hall', counter, '{"kind":"generated","label":"","pattern":0}'
     FROM (VALUES ('zz-door', NULL), ('zz-second', 'zz-2')) AS more(id, counter)`,
  );
  await centre.pool.query('UPDATE camera SET recording = $1', [JSON.stringify(PLAN)]);
}, 60_000);
afterAll(() => centre.close());

describe('the index of recordings', () => {
  test('takes news again and again, and tells of spans without seams', async () => {
    const all = [0, 4, 8, 20, 24].map((second) => segment(second));
    for (let times = 0; times < 2; times += 1) expect((await tell(all)).status).toBe(200);
    const spans = async () => ((await asked('spans?cameras=zz-camera')).body as RecordedSpans[])[0]?.spans;
    expect(await spans()).toEqual([
      { from: NINE, to: NINE + 12_000 },
      { from: NINE + 20_000, to: NINE + 28_000 },
    ]);
    await tell([], [{ camera: 'zz-camera', startedAt: NINE + 4000 }]);
    expect(await spans()).toHaveLength(3);
    expect((await asked('segments?camera=zz-camera')).body).toEqual(
      all.filter(({ startedAt }) => startedAt !== NINE + 4000),
    );
  });

  test('tells which cameras there are recordings of, in the region of whoever asks', async () => {
    const extents = async (as: string) =>
      (await centre.call('GET /api/recordings/extents', { cookie: as })).body as RecordedExtent[];
    await tell([segment(0), segment(8)]);
    await tell([segment(40, { camera: 'zz-door' })]);
    expect(await extents(cookie)).toEqual([
      { camera: 'zz-door', from: NINE + 40_000, to: NINE + 44_000 },
      { camera: 'zz-camera', from: NINE, to: NINE + 28_000 },
    ]);
    expect(await extents(await centre.signIn('dz-inspector'))).toEqual([]);
    await tell([], [{ camera: 'zz-door', startedAt: NINE + 40_000 }]);
    expect((await extents(cookie)).map(({ camera }) => camera)).toEqual(['zz-camera']);
  });

  test('writes down once who plays what, as long as they go on', async () => {
    const played = async () => {
      const { body } = await centre.call('GET /api/audit?limit=50', {
        cookie: await centre.signIn('zz-admin'),
      });
      return (body as AuditPage).entries.filter(({ action }) => action === 'recording.played');
    };
    await asked('segments?camera=zz-camera');
    expect(await played()).toMatchObject([{ actor: 'zz-inspector', object: 'zz-camera' }]);
    centre.clock.now += HOUR;
    await asked('segments?camera=zz-camera');
    expect(await played()).toHaveLength(2);
    centre.clock.now -= HOUR;
  });
});

describe('a preview', () => {
  const preview = (at: number | string, as = cookie) =>
    centre.call(`GET /api/recordings/preview?camera=zz-camera&at=${at}`, { cookie: as });
  const location = async (second: number) => {
    const { status, headers } = await preview(NINE + second * 1000);
    return [status, headers.get('location')?.split('?')[0]?.split('/recording/')[1]];
  };

  test('leads to the segment of the instant, over seams, and nowhere in a gap', async () => {
    await tell([100, 105].map((second) => segment(second)));
    expect(await location(102)).toEqual([302, `zz-camera/${NINE + 100_000}/preview`]);
    expect(await location(104.5)).toEqual([302, `zz-camera/${NINE + 100_000}/preview`]);
    expect(await location(105)).toEqual([302, `zz-camera/${NINE + 105_000}/preview`]);
    expect(await location(99.5)).toEqual([302, `zz-camera/${NINE + 100_000}/preview`]);
    expect(await location(90)).toEqual([204, undefined]);
  });

  test('is for those of the region, who name an instant', async () => {
    expect((await preview(NINE, await centre.signIn('dz-inspector'))).status).toBe(404);
    expect((await preview(NINE, await centre.signIn('zz-clerk'))).status).toBe(403);
    expect(await preview('soon')).toMatchObject({ status: 400, body: { errors: [{ field: 'at' }] } });
  });

  test('is written down as playing is: once, however long somebody points', async () => {
    const played = async () => {
      const { body } = await centre.call('GET /api/audit?limit=200', {
        cookie: await centre.signIn('zz-admin'),
      });
      return (body as AuditPage).entries.filter(({ action }) => action === 'recording.played').length;
    };
    const before = await played();
    const own = await centre.signIn('zz-inspector');
    for (let second = 100; second < 104; second += 0.25) await preview(NINE + second * 1000, own);
    expect(await played()).toBe(before + 1);
  });
});

describe('orders by alert', () => {
  const alert = (n: number, counter: string | null, raisedAt: number) =>
    centre.pool.query(
      `INSERT INTO alert (fingerprint, kind, rule, rule_version, region, hall, counter, title, reason, at, raised_at, changed_at)
       VALUES ($1, 'yellow', 'r', 1, '130681', 'zz-hall', $2, '{}', '{}', to_timestamp($3 / 1000.0),
               to_timestamp($3 / 1000.0), now())`,
      [`order-${n}`, counter, raisedAt],
    );
  const orders = async (query = '') => {
    const { body } = await centre.call(`GET /api/service/recordings/orders${query}`, {
      token: centre.tokens['media']!,
    });
    return (body as RecordingOrder[]).map(({ camera, from, to }) => [camera, from - NINE, (to ?? 0) - NINE]);
  };
  const around = (at: number) => [at - 30_000, at + 60_000];

  test('are for the counter’s own camera, else for those of its hall', async () => {
    await alert(1, 'zz-1', NINE - 1000);
    expect(await orders()).toEqual([['zz-camera', ...around(-1000)]]);
    await alert(2, 'zz-9', NINE - 2000);
    expect((await orders()).slice(1).sort()).toEqual(
      ['zz-camera', 'zz-door', 'zz-second'].map((camera) => [camera, ...around(-2000)]),
    );
  });

  test('are for the camera that an alert is about, also where it hangs in no hall', async () => {
    const at = NINE - 4 * HOUR;
    await centre.pool.query(
      `INSERT INTO alert (fingerprint, kind, rule, rule_version, region, camera, title, reason, at, raised_at, changed_at)
       VALUES ('covered', 'risk', 'camera-tampered', 1, '130681', 'zz-door', '{}', '{}', now(), to_timestamp($1 / 1000.0), now())`,
      [at],
    );
    const then = (await orders(`?since=${at}`)).filter(([, from]) => from === -4 * HOUR - 30_000);
    expect(then).toEqual([['zz-door', ...around(-4 * HOUR)]]);
  });

  test('reach as far back as the media host does not know what is wanted', async () => {
    const early = NINE - 5 * HOUR;
    await alert(3, 'zz-2', early);
    const told = ['zz-second', ...around(-5 * HOUR)];
    expect(await orders()).not.toContainEqual(told);
    expect(await orders(`?since=${early + 30_000}`)).toContainEqual(told);
  });
});
