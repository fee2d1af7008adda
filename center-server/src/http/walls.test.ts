import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedWallToken, Layout, Wall, WallState, WallToken } from '@mingjing/contracts';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { inTransaction } from '../store/database.ts';
import { moveWall } from '../walls/walls.ts';
import { ROUTES } from './routes/index.ts';

let centre: TestCentre;
const cookies: Record<string, string> = {};
let wall: Wall;
let token: CreatedWallToken;

const WALL = {
  ...{ name: '左屏', region: '130681', windows: [{ layout: null }], patrol: null },
  alertPolicy: { levels: ['red'], holdSeconds: 60 },
};
const GRID = { columns: 1, rows: 1, tiles: [{ x: 0, y: 0, w: 1, h: 1, content: { kind: 'next' } }] };
const layout = (name: string) => ({ name, region: '130681', grid: GRID, sharedWith: null });

const call = (who: string, request: string, body?: unknown) =>
  centre.call(request, { cookie: cookies[who]!, ...(body === undefined ? {} : { body }) });
const enter = (secret: string) => centre.call('POST /api/walls/session', { body: { token: secret } });
const cookieOf = (answer: { headers: Headers }) => answer.headers.get('set-cookie')!.split(';')[0]!;
const tell = (who: string, body: unknown) => call(who, `POST /api/walls/${wall.id}/commands`, body);

beforeAll(async () => {
  centre = await openTestCentre();
  for (const name of ['admin', 'inspector', 'zz-admin', 'zz-inspector', 'dz-inspector'])
    cookies[name] = await centre.signIn(name);
  wall = (await call('zz-admin', 'POST /api/walls', WALL)).body as Wall;
  token = (await call('zz-admin', `POST /api/walls/${wall.id}/tokens`, { note: '左' }))
    .body as CreatedWallToken;
}, 60_000);
afterAll(() => centre.close());

describe('a wall that runs by itself', () => {
  test('may look at its own region, and call nothing else whatever it is', async () => {
    const entered = await enter(token.token);
    expect(entered.body).toMatchObject({ wall: wall.id, region: { code: '130681' } });
    const cookie = cookieOf(entered);
    const open = ROUTES.filter((route) => route.unattended).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      ...['get /api/media/ticket', 'get /api/regions', 'get /api/screens/:id/image', 'get /api/wall'],
      ...['get /api/walls/:id', 'get /api/walls/:id/state'],
    ]);
    for (const path of ['media/ticket', 'regions', 'wall', `walls/${wall.id}`, `walls/${wall.id}/state`])
      expect([path, (await centre.call(`GET /api/${path}`, { cookie })).status]).toEqual([path, 200]);
    for (const route of ROUTES) {
      if (route.unattended || route.access.open || !route.access.roles) continue;
      const request = `${route.method.toUpperCase()} ${route.path.replace(/:\w+/g, '1')}`;
      const { status } = await centre.call(request, { cookie, ...(route.body ? { body: {} } : {}) });
      expect([request, status]).toEqual([request, 403]);
    }
    expect((await centre.call('GET /api/wall?region=130600', { cookie })).status).toBe(403);
    const other = (await call('zz-admin', 'POST /api/walls', { ...WALL, name: '右屏' })).body as Wall;
    expect((await centre.call(`GET /api/walls/${other.id}/state`, { cookie })).status).toBe(404);
  });

  test('has a token of which only the hash is kept, and which ends by time or by hand', async () => {
    const kept = JSON.stringify((await centre.pool.query('SELECT * FROM wall_token')).rows);
    expect(kept).not.toContain(token.token);
    const listed = (await call('zz-admin', `GET /api/walls/${wall.id}/tokens`)).body as WallToken[];
    expect(listed).toMatchObject([{ id: token.id, note: '左', revokedAt: null }]);
    expect(JSON.stringify(listed)).not.toContain(token.token);
    expect((await call('zz-inspector', `GET /api/walls/${wall.id}/tokens`)).status).toBe(403);

    const cookie = cookieOf(await enter(token.token));
    const session = (await centre.sessions.viewerFromCookie(cookie))!.sessionId;
    const ended = new Promise<string>((resolve) => centre.endings.events.once('ended', resolve));
    expect((await call('zz-admin', `DELETE /api/walls/${wall.id}/tokens/${token.id}`)).status).toBe(204);
    expect(typeof (await ended)).toBe('string');
    expect((await centre.call('GET /api/wall', { cookie })).status).toBe(401);
    expect((await enter(token.token)).status).toBe(401);
    expect((await enter('mjw_guessed')).status).toBe(401);
    const check = { token: centre.tokens['media']!, body: { sessions: [session] } };
    expect((await centre.call('POST /api/service/sessions/check', check)).body).toEqual({ ended: [session] });

    const brief = (await call('zz-admin', `POST /api/walls/${wall.id}/tokens`, { note: '短', days: 1 }))
      .body as CreatedWallToken;
    centre.clock.now += 86_400_001;
    expect((await enter(brief.token)).status).toBe(401);
    centre.clock.now -= 86_400_001;
    const said = await centre.pool.query<{ action: string }>(
      `SELECT action FROM audit_log WHERE action LIKE 'wall.token%' ORDER BY seq`,
    );
    expect(said.rows.map(({ action }) => action)).toEqual([
      ...['wall.token-made', 'wall.token-revoked', 'wall.token-made'],
    ]);
  });
});

describe('what is told to a wall', () => {
  test('is shown, told by whom, and taken back; each with one line of audit', async () => {
    const sent = await tell('zz-inspector', { do: 'send', content: { kind: 'camera', camera: 'zz-camera' } });
    const state = sent.body as WallState;
    expect(state.windows[0]!.grid.tiles).toMatchObject([
      { content: { kind: 'camera', camera: 'zz-camera' } },
    ]);
    expect(state.sent).toMatchObject([{ by: expect.any(String), window: 1, until: null }]);
    const back = (await tell('zz-inspector', { do: 'takeBack', sent: state.sent[0]!.id })).body as WallState;
    expect([back.sent, back.rev]).toEqual([[], state.rev + 1]);
    expect((await tell('zz-inspector', { do: 'takeBack', sent: 99 })).status).toBe(409);
    expect((await tell('zz-inspector', { do: 'pause' })).status).toBe(409);
    const said = await centre.pool.query(
      `SELECT 1 FROM audit_log WHERE object = $1 AND action IN ('wall.send', 'wall.takeBack')`,
      [wall.id],
    );
    expect(said.rowCount).toBe(2);
  });

  test('comes from those who may, and lies in its region', async () => {
    const content = { kind: 'text', text: '字' };
    expect((await tell('dz-inspector', { do: 'send', content })).status).toBe(404);
    const foreign = { kind: 'camera', camera: 'dz-camera' };
    expect((await tell('inspector', { do: 'send', content: foreign })).status).toBe(400);
    expect((await tell('zz-inspector', { do: 'send', window: 2, content })).status).toBe(400);
    expect((await tell('zz-inspector', { do: 'showAlert', alert: 9999 })).status).toBe(409);
    expect((await call('zz-inspector', 'POST /api/walls', WALL)).status).toBe(403);
  });
});

test('two centres that look at once make one step, with one number', async () => {
  const step = { dwellSeconds: 5, show: { kind: 'cameras', cameras: ['zz-camera'] } };
  const patrol = { name: '巡', region: '130681', steps: [step, step, step] };
  const { id } = (await call('zz-admin', 'POST /api/patrols', patrol)).body as { id: string };
  const made = (await call('zz-admin', 'POST /api/walls', { ...WALL, patrol: id })).body as Wall;
  const at = centre.clock.now + 5000;
  const read = async () => (await call('zz-admin', `GET /api/walls/${made.id}/state`)).body as WallState;
  const before = await read();
  await Promise.all([1, 2].map(() => inTransaction(centre.pool, (client) => moveWall(client, made.id, at))));
  const after = await read();
  expect([after.patrol?.step, after.rev]).toEqual([1, before.rev + 1]);
});

describe('layouts', () => {
  test('are one’s own unless shared with one’s role, and saved only over the one that was read', async () => {
    const own = (await call('zz-admin', 'POST /api/layouts', layout('我的'))).body as Layout;
    expect((await call('zz-inspector', `GET /api/layouts/${own.id}`)).status).toBe(404);
    const shared = { ...layout('共用'), sharedWith: { roles: ['inspector'] }, revision: 1 };
    const saved = await call('zz-admin', `PUT /api/layouts/${own.id}`, shared);
    expect(saved.body).toMatchObject({ revision: 2, name: '共用' });
    expect((await call('zz-admin', `PUT /api/layouts/${own.id}`, shared)).status).toBe(409);
    expect((await call('inspector', `GET /api/layouts/${own.id}`)).status).toBe(200);
    expect((await call('dz-inspector', `GET /api/layouts/${own.id}`)).status).toBe(404);
    expect(
      (await call('zz-inspector', `PUT /api/layouts/${own.id}`, { ...shared, revision: 2 })).status,
    ).toBe(403);
  });

  test('a choice follows its user', async () => {
    const choice = { kind: 'preset', size: 16 };
    expect((await call('zz-inspector', 'GET /api/layout-choice')).body).toEqual({ kind: 'auto' });
    expect((await call('zz-inspector', 'PUT /api/layout-choice', choice)).status).toBe(204);
    const elsewhere = await centre.signIn('zz-inspector');
    expect((await centre.call('GET /api/layout-choice', { cookie: elsewhere })).body).toEqual(choice);
  });
});
