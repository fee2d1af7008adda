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
  centre = await openTestCentre({ rtmpPublicUrl: 'rtmp://media.example/live' });
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

test('the key of a stream that is pushed is shown once, kept encrypted, and made anew when it is asked for', async () => {
  const source = { kind: 'push', protocol: 'rtmp' };
  const made = await centre.call('POST /api/admin/cameras', {
    cookie,
    body: camera('p1', { source, sub: { kind: 'push', protocol: 'whip' } }),
  });
  const { pushAccess = [], ...shown } = made.body as AdminCamera;
  expect(pushAccess).toMatchObject([
    { stream: 'main', protocol: 'rtmp', address: 'rtmp://media.example/live' },
    { stream: 'sub', protocol: 'whip', address: expect.stringMatching(/\/whip\/p1$/) as unknown },
  ]);
  expect(shown).toMatchObject({ source, sub: { kind: 'push', protocol: 'whip' } });
  expect(made.headers.get('cache-control')).toBe('no-store');
  const [key = '', subKey = ''] = pushAccess.map((access) => access.key);
  expect(Buffer.from(key, 'base64url').length).toBeGreaterThanOrEqual(16);
  expect(await service('p1')).toMatchObject({ source: { ...source, key }, sub: { key: subKey } });

  // What is changed elsewhere keeps it; so does a source that is sent as it was read.
  const { revision } = await admin('p1');
  await call('PATCH /api/admin/cameras/p1', { revision, name: '前门', source });
  expect(await service('p1')).toMatchObject({ name: '前门', source: { ...source, key } });
  const everything = async () => {
    const { rows } = await centre.pool.query(
      'SELECT row_to_json(camera)::text FROM camera UNION ALL SELECT row_to_json(audit_log)::text FROM audit_log',
    );
    return JSON.stringify(rows) + answered.join();
  };
  for (const secret of [key, subKey]) expect(await everything()).not.toContain(secret);

  const renewed = await centre.call('PATCH /api/admin/cameras/p1', {
    cookie,
    body: { revision: revision + 1, renewKeys: true },
  });
  const next = (renewed.body as AdminCamera).pushAccess?.[0]?.key;
  expect(next).not.toBe(key);
  expect(await service('p1')).toMatchObject({ source: { ...source, key: next } });
  // An old key of the centre still opens it, and it is encrypted anew.
  const later = openVault('k'.repeat(32), [centre.config.centre.credentialsKey]);
  await settleCredentials(centre.pool, later, pino({ level: 'silent' }));
  expect(await service('p1')).toMatchObject({ source });
  expect((await service('p1')).source).not.toHaveProperty('key');
  await settleCredentials(
    centre.pool,
    openVault(centre.config.centre.credentialsKey, ['k'.repeat(32)]),
    pino({ level: 'silent' }),
  );
  expect(await service('p1')).toMatchObject({ source: { ...source, key: next } });
  const given = 'a-key-that-is-long-enough-1';
  await call('PATCH /api/admin/cameras/p1', {
    revision: (await admin('p1')).revision,
    source: { ...source, key: given },
    sub: null,
  });
  expect(await service('p1')).toMatchObject({ source: { key: given }, sub: null });
  expect(await everything()).not.toContain(given);
});

test('no answer and no line of the audit log holds a password', async () => {
  const { rows } = await centre.pool.query('SELECT * FROM audit_log');
  const all = answered.join('\n') + JSON.stringify(rows);
  expect(all).toContain('camera.changed');
  for (const secret of ['p@ss', encodeURIComponent(SECRET), '"other"', 'viewer:secret'])
    expect(all).not.toContain(secret);
});
