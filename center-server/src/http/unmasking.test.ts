import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IngestAnswer, Unmasking } from '@mingjing/contracts';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { removeUnmasked } from '../maintenance/maintenance.ts';
import { inTransaction } from '../store/database.ts';
import { insertUnmaskedFrames } from '../store/unmaskings/unmaskedFrames.ts';

let centre: TestCentre;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  centre = await openTestCentre();
  for (const name of ['admin', 'zz-admin', 'zz-inspector', 'dz-inspector'])
    cookies[name] = await centre.signIn(name);
}, 60_000);
afterAll(() => centre.close());

const MINUTE_MS = 60_000;
const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 7]);
const sha256 = createHash('sha256').update(picture).digest('hex');
let ids = 0;

async function as(name: string, request: string, body?: unknown) {
  const cookie = cookies[name];
  if (cookie === undefined) throw new Error(`${name} has not signed in`);
  return centre.call(request, { cookie, ...(body === undefined ? {} : { body }) });
}
function captured(screen: string, region: string, masked: boolean, more: Record<string, unknown> = {}) {
  return {
    ...{ specversion: '1.0', id: `look-${(ids += 1)}`, source: 'agent', type: 'screen.captured' },
    time: new Date(centre.clock.now).toISOString(),
    data: {
      ...{ region, screen, changed: true, masked },
      image: { sha256, mediaType: 'image/jpeg', width: 8, height: 8, bytes: picture.length },
    },
    ...more,
  };
}
async function sent(token: string, ...events: unknown[]): Promise<string[]> {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  const { body } = await centre.call('POST /api/ingest', { token, headers, body: JSON.stringify(events) });
  return (body as IngestAnswer).results.map(({ status, reason }) => (reason ?? status).split(':')[0] ?? '');
}
const audited = async (object: string) =>
  (
    await centre.pool.query<{ line: string }>(
      `SELECT actor || ' ' || action AS line FROM audit_log WHERE object = $1 ORDER BY seq`,
      [object],
    )
  ).rows.map(({ line }) => line);

test('a screen’s token sends that screen and nothing else, and ends with it', async () => {
  expect((await as('dz-inspector', 'POST /api/admin/screens/zz-screen/token', {})).status).toBe(403);
  expect((await as('zz-admin', 'POST /api/admin/screens/dz-screen/token', {})).status).toBe(404);
  const { status, body } = await as('zz-admin', 'POST /api/admin/screens/zz-screen/token', {});
  expect(status).toBe(201);
  const { token } = body as { token: string };
  const orders = await centre.call('GET /api/service/screen', { token });
  expect(orders.body).toMatchObject({ id: 'zz-screen', source: 'screen.zz-screen', unmaskedForMs: null });
  expect((await centre.call('GET /api/service/unmaskings', { token })).status).toBe(403);
  const beat = { type: 'heartbeat', data: { region: '130681' } };
  expect(
    await sent(
      token,
      captured('zz-screen', '130681', true),
      captured('dz-screen', '130681', true),
      captured('zz-screen', '130682', true),
      captured('zz-screen', '130681', true, {
        type: 'stream.state',
        data: { region: '130681', camera: 'zz-camera', state: 'live' },
      }),
      captured('zz-screen', '130681', true, beat),
    ),
  ).toEqual(['stored', 'data.screen', 'data.region', 'type', 'stored']);
  const again = (await as('zz-admin', 'POST /api/admin/screens/zz-screen/token', {})).body as {
    token: string;
  };
  expect((await centre.call('GET /api/service/screen', { token })).status).toBe(401);
  expect((await as('zz-admin', 'DELETE /api/admin/screens/zz-screen/token')).status).toBe(204);
  expect((await centre.call('GET /api/service/screen', { token: again.token })).status).toBe(401);
});

test('nothing unmasked is taken, shown or kept but by permission, for its time, to who asked', async () => {
  const { token } = (await as('zz-admin', 'POST /api/admin/screens/zz-screen/token', {})).body as {
    token: string;
  };
  const unmasked = () => captured('zz-screen', '130681', false);
  expect(await sent(token, unmasked(), captured('zz-screen', '130681', true))).toEqual([
    'data.masked',
    'stored',
  ]);

  const wish = { reason: '群众投诉 12-7 号，核对录入', minutes: 10 };
  for (const [who, body, status] of [
    ['dz-inspector', wish, 404],
    ['zz-admin', wish, 403],
    ['zz-inspector', { ...wish, minutes: 31 }, 400],
    ['zz-inspector', { ...wish, reason: '  ' }, 400],
    ['zz-inspector', { ...wish, reason: '核对\u0000录入' }, 400],
    ['zz-inspector', wish, 201],
    ['zz-inspector', wish, 409],
  ] as const)
    expect([who, (await as(who, 'POST /api/screens/zz-screen/unmask', body)).status]).toEqual([who, status]);

  const [running] = (await as('admin', 'GET /api/screens/zz-screen/unmaskings')).body as Unmasking[];
  expect(running).toMatchObject({
    state: 'running',
    askedBy: 'zz-inspector',
    mine: false,
    reason: wish.reason,
  });
  expect((await as('dz-inspector', 'GET /api/screens/zz-screen/unmaskings')).status).toBe(404);
  const address = `GET /api/unmaskings/${running?.id}/image`;
  expect((await centre.call('GET /api/service/screen', { token })).body).toMatchObject({
    unmaskedForMs: 10 * MINUTE_MS,
  });
  expect(
    (await centre.call('GET /api/service/unmaskings', { token: centre.tokens['collectors'] ?? '' })).status,
  ).not.toBe(500);

  centre.clock.now += MINUTE_MS;
  expect(await sent(token, unmasked())).toEqual(['stored']);
  // What the pipeline keeps of it.
  await centre.blobs.put(sha256, picture);
  const frame = { screen: 'zz-screen', at: centre.clock.now, sha256 };
  await inTransaction(centre.pool, (client) => insertUnmaskedFrames(client, [frame, frame]));
  expect((await as('zz-inspector', address)).status).toBe(200);
  expect((await as('admin', address)).status).toBe(403);
  expect((await as('dz-inspector', address)).status).toBe(404);

  // By its time, also for pictures that come late and were taken in time.
  const inTime = unmasked();
  centre.clock.now += 9 * MINUTE_MS;
  expect(await sent(token, unmasked(), inTime)).toEqual(['data.masked', 'stored']);
  expect((await as('zz-inspector', address)).status).toBe(403);
  expect((await as('zz-inspector', `POST /api/unmaskings/${running?.id}/end`, {})).status).toBe(409);
  expect((await audited('zz-screen')).slice(-2)).toEqual([
    'zz-inspector screen.unmask-asked',
    'zz-inspector screen.unmasked-seen',
  ]);

  const deps = { pool: centre.pool, blobs: centre.blobs, now: () => centre.clock.now, keepUnmaskedHours: 24 };
  // The same bytes were shown masked too: they stay for that.
  expect(await removeUnmasked(deps)).toBe(0);
  await centre.pool.query(`DELETE FROM observation WHERE kind = 'screen.captured'`);
  await inTransaction(centre.pool, (client) => insertUnmaskedFrames(client, [frame]));
  expect(await removeUnmasked({ ...deps, now: () => centre.clock.now + 25 * 60 * MINUTE_MS })).toBe(1);
  expect(await centre.blobs.get(sha256)).toBeUndefined();
});

test('where four eyes are asked for, it begins when a second person agrees, and ends when one says so', async () => {
  centre.config.centre.unmaskNeedsApproval = true;
  await centre.pool.query(
    `INSERT INTO app_user (username, name, role, region, password_hash)
     SELECT 'zz-supervisor', '督办', 'supervisor', region, password_hash FROM app_user WHERE username = 'zz-inspector'`,
  );
  cookies['zz-supervisor'] = await centre.signIn('zz-supervisor');
  const wish = { reason: '抽查', minutes: 5 };
  expect(
    (await as('zz-supervisor', 'POST /api/screens/zz-screen/unmask', { ...wish, reason: '抽查录入' })).status,
  ).toBe(201);
  const made = (
    await as('zz-inspector', 'POST /api/screens/zz-screen/unmask', { ...wish, reason: '抽查窗口录入' })
  ).body as Unmasking;
  expect(made).toMatchObject({ state: 'waiting', from: null });
  const act = async (who: string, what: string) =>
    (await as(who, `POST /api/unmaskings/${made.id}/${what}`, {})).status;
  expect(await act('zz-inspector', 'approve')).toBe(403);
  expect(await act('dz-inspector', 'end')).toBe(404);
  const own = ((await as('zz-supervisor', 'GET /api/unmaskings')).body as Unmasking[]).find(
    ({ askedBy }) => askedBy === 'zz-supervisor',
  );
  expect((await as('zz-supervisor', `POST /api/unmaskings/${own?.id}/approve`, {})).status).toBe(403);
  expect(await act('zz-supervisor', 'approve')).toBe(200);
  expect(await act('zz-supervisor', 'approve')).toBe(409);
  expect(await act('zz-supervisor', 'end')).toBe(200);
  expect((await as('zz-inspector', `GET /api/unmaskings/${made.id}/image`)).status).toBe(403);
  expect((await audited('zz-screen')).slice(-2)).toEqual([
    'zz-supervisor screen.unmask-approved',
    'zz-supervisor screen.unmask-ended',
  ]);
});
