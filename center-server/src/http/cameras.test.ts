import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AdminCamera, Camera } from '@mingjing/contracts';
import { pino } from 'pino';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { settleCredentials } from '../cameras/settle.ts';
import { openVault } from '../cameras/vault.ts';

const SECRET = `p@ss:w/rd#'%"明`;
interface Moved {
  source: { url: string };
  credentials: Buffer;
  revision: number;
}
let centre: TestCentre;
let cookie: string;
let others: string;
/** Everything that the centre has answered to people. */
const answered: string[] = [];

async function call(request: string, body?: unknown, as = cookie) {
  const answer = await centre.call(request, { cookie: as, ...(body === undefined ? {} : { body }) });
  answered.push(JSON.stringify(answer.body));
  return answer;
}
const admin = async (id: string): Promise<AdminCamera> => {
  const { body } = await call('GET /api/admin/cameras');
  return (body as AdminCamera[]).find((camera) => camera.id === id)!;
};
const service = async (id: string): Promise<Camera> => {
  const { body } = await centre.call('GET /api/service/cameras', { token: centre.tokens['media']! });
  return (body as Camera[]).find((camera) => camera.id === id)!;
};
const camera = (id: string, more: object = {}) => ({
  ...{ id, name: '大厅', region: '130681', hall: 'zz-hall', counter: 'zz-1' },
  source: { kind: 'rtsp', url: `rtsp://op:${encodeURIComponent(SECRET)}@10.1.1.1:554/main?x=1` },
  ...more,
});

beforeAll(async () => {
  centre = await openTestCentre();
  cookie = await centre.signIn('zz-admin');
  others = await centre.signIn('inspector');
});
afterAll(() => centre.close());

test('a password goes in, and comes out for the media host alone', async () => {
  const made = await call('POST /api/admin/cameras', camera('c1'));
  expect(made).toMatchObject({
    status: 201,
    body: { source: { url: 'rtsp://10.1.1.1:554/main?x=1' }, hasCredentials: true, revision: 1 },
  });
  expect(await service('c1')).toMatchObject({
    source: { url: 'rtsp://10.1.1.1:554/main?x=1' },
    credentials: { username: 'op', password: SECRET },
  });
  const collectors = await call('POST /api/sources', {
    ...{ id: 'zz-collectors', name: '采集', kind: 'collectors', region: '130681', expectEverySeconds: 0 },
  });
  const { token } = collectors.body as { token: string };
  expect((await centre.call('GET /api/service/cameras', { token })).status).toBe(403);
  expect((await call('GET /api/admin/cameras', undefined, others)).status).toBe(403);
  const { rows } = await centre.pool.query<{ all: string; credentials: Buffer }>(
    "SELECT row_to_json(camera)::text AS all, credentials FROM camera WHERE id = 'c1'",
  );
  expect(rows[0]!.all).not.toContain('p@ss');
  expect(rows[0]!.credentials.toString('latin1')).not.toContain('p@ss');
});

test('a change is made from what was read, and keeps what it does not name', async () => {
  const before = await admin('c1');
  const change = { revision: before.revision, name: '门口', recording: { mode: 'continuous', keepDays: 7 } };
  expect(await call('PATCH /api/admin/cameras/c1', change)).toMatchObject({
    body: {
      name: '门口',
      counter: 'zz-1',
      hasCredentials: true,
      recording: { mode: 'continuous', keepDays: 7 },
    },
  });
  expect((await call('PATCH /api/admin/cameras/c1', change)).status).toBe(409);
  expect(await service('c1')).toMatchObject({ name: '门口', credentials: { password: SECRET } });
  const { revision } = await admin('c1');
  const away = { revision, source: { kind: 'rtsp', url: 'rtsp://10.9.9.9/main' } };
  expect(await call('PATCH /api/admin/cameras/c1', away)).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'credentials' }] },
  });
  expect(
    await call('PATCH /api/admin/cameras/c1', {
      revision,
      onvif: 'http://169.254.169.254/',
      credentials: null,
    }),
  ).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'onvif' }] },
  });
  const anew = { ...away, credentials: { username: 'op', password: 'other' } };
  expect((await call('PATCH /api/admin/cameras/c1', anew)).status).toBe(200);
  expect(await service('c1')).toMatchObject({ credentials: { password: 'other' } });
});

test('a trial does not send a kept password to another host', async () => {
  const { region } = camera('c1');
  const elsewhere = { kind: 'rtsp', url: 'rtsp://10.7.7.7/main' };
  expect(
    await call('POST /api/admin/cameras/test', { region, camera: 'c1', source: elsewhere }),
  ).toMatchObject({ status: 400, body: { errors: [{ field: 'credentials' }] } });
  expect(
    await call('POST /api/admin/cameras/test', { region, source: { kind: 'rtsp', url: 'rtsp://8.8.8.8/1' } }),
  ).toMatchObject({ status: 400, body: { errors: [{ field: 'source.url' }] } });
});

test('out of use, back in use, and removed only when out of use', async () => {
  const tiles = async () => JSON.stringify((await call('GET /api/cameras', undefined, others)).body);
  expect((await call('DELETE /api/admin/cameras/c1')).status).toBe(409);
  const { revision } = await admin('c1');
  await call('PATCH /api/admin/cameras/c1', { revision, disabled: true });
  expect(await tiles()).not.toContain('"c1"');
  expect(await service('c1')).toBeUndefined();
  await call('PATCH /api/admin/cameras/c1', { revision: revision + 1, disabled: false });
  expect(await tiles()).toContain('"c1"');
  await call('PATCH /api/admin/cameras/c1', { revision: revision + 2, disabled: true });
  expect((await call('DELETE /api/admin/cameras/c1')).status).toBe(204);
  expect(await admin('c1')).toBeUndefined();
  expect((await call('DELETE /api/admin/cameras/dz-camera')).status).toBe(404);
});

test('a new key opens what the old one closed; a wrong one names the camera and breaks nothing', async () => {
  await call('POST /api/admin/cameras', camera('c2'));
  const { credentialsKey } = centre.config.centre;
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const sealed = async () =>
    (await centre.pool.query<{ credentials: Buffer }>("SELECT credentials FROM camera WHERE id = 'c2'"))
      .rows[0]!.credentials;
  const foreign = openVault('x'.repeat(32));
  await settleCredentials(centre.pool, foreign, log);
  expect(lines.join('')).toContain('camera c2: its credentials were encrypted with another key');
  expect(foreign.open('c2', await sealed())).toHaveProperty('problem');
  const next = openVault('n'.repeat(32), [credentialsKey]);
  await settleCredentials(centre.pool, next, log);
  expect(openVault('n'.repeat(32)).open('c2', await sealed())).toEqual({
    credentials: { username: 'op', password: SECRET },
  });
  // The centre that runs has the old key: it says so, and lists all cameras.
  expect(await admin('c2')).toMatchObject({
    hasCredentials: true,
    credentialsProblem: expect.stringContaining('c2'),
  });
  expect(await service('c2')).toMatchObject({ id: 'c2', credentials: null });
  expect(next.open('c3', await sealed())).toHaveProperty('problem');
  expect(lines.join('')).not.toContain('p@ss');
});

test('passwords that stood in addresses before are moved at a start, once', async () => {
  const read = async () =>
    (
      await centre.pool.query<Moved>(
        "SELECT source, credentials, revision FROM camera WHERE id = 'zz-camera'",
      )
    ).rows[0]!;
  await centre.pool.query(
    `UPDATE camera SET credentials = NULL, source = '{"kind":"rtsp","url":"rtsp://viewer:secret@zz.example/1"}'
     WHERE id = 'zz-camera'`,
  );
  expect(await admin('zz-camera')).toMatchObject({
    source: { url: 'rtsp://zz.example/1' },
    hasCredentials: true,
  });
  const vault = openVault(centre.config.centre.credentialsKey);
  await settleCredentials(centre.pool, vault, pino({ level: 'silent' }));
  const moved = await read();
  expect(moved.source.url).toBe('rtsp://zz.example/1');
  expect(vault.open('zz-camera', moved.credentials)).toEqual({
    credentials: { username: 'viewer', password: 'secret' },
  });
  await settleCredentials(centre.pool, vault, pino({ level: 'silent' }));
  expect(await read()).toEqual(moved);
});

test('no answer and no line of the audit log holds a password', async () => {
  const { rows } = await centre.pool.query('SELECT * FROM audit_log');
  const all = answered.join('\n') + JSON.stringify(rows);
  expect(all).toContain('camera.changed');
  for (const secret of ['p@ss', encodeURIComponent(SECRET), '"other"', 'viewer:secret'])
    expect(all).not.toContain(secret);
});
