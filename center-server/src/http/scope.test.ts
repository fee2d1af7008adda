import type { BacktestRun, CameraTile, Department, Region } from '@mingjing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { BACKTEST, bodies, GRID, WALL } from '../../../tests/helpers/foreign-bodies.ts';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { ROUTES } from './routes/index.ts';
import type { Route } from './route.ts';

let centre: TestCentre;
const cookies: Record<string, string> = {};
/** What stands for a thing of 定州市 in an address, by the route's path. */
const CLIP_FACTS = {
  ...{
    id: 'c',
    camera: 'dz-camera',
    cameraName: 'D1',
    region: '130682',
    from: 0,
    to: 1,
    reason: 'D1',
    caseId: null,
  },
  ...{ by: '赵建国', at: 1 },
};
const foreign: Record<string, string> = {};

async function putForeignThings(): Promise<void> {
  const region = '130682';
  await centre.pool.query(
    `INSERT INTO case_state (case_id, case_no, region, source, status, updated_at, updated_seq, state, department)
     VALUES ('130682/D1', 'D1', $1, 'dz-approval', 'accepted', now(), 1, '{}', 'dz-housing')`,
    [region],
  );
  const alert = await centre.pool.query<{ id: number }>(
    `INSERT INTO alert (fingerprint, kind, rule, rule_version, region, title, reason, at, raised_at, changed_at)
     VALUES ('f', 'red', 'overdue', 1, $1, '{"zh":"超期","en":"late"}', '{"zh":"超","en":"late"}', now(), now(), now())
     RETURNING id`,
    [region],
  );
  const letter = await centre.pool.query<{ id: number }>(
    `INSERT INTO dead_letter (source_id, received_at, reason, body) VALUES ('dz-approval', now(), 'r', '{}') RETURNING id`,
  );
  const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  const sha256 = createHash('sha256').update(picture).digest('hex');
  await centre.blobs.put(sha256, picture);
  await centre.pool.query(
    `INSERT INTO screen_state (screen_id, sha256, seen_at) VALUES ('dz-screen', $1, now())`,
    [sha256],
  );
  const user = await centre.pool.query<{ id: number }>(
    `SELECT id FROM app_user WHERE username = 'dz-inspector'`,
  );
  const silence = await centre.pool.query<{ id: number }>(
    `INSERT INTO silence (region, prefix, reason, user_id, author, created_at, expires_at)
     VALUES ($1, $1, 'D1', $2, '赵建国', now(), now() + interval '1 day') RETURNING id`,
    [region, user.rows[0]!.id],
  );
  const layout = '6f0f9a52-4b7e-4f0e-9a53-0d8b6c1f2e11';
  await centre.pool.query(
    `INSERT INTO layout (id, name, region, owner, grid, roles, changed_at)
     VALUES ($1, 'D1', $2, $3, $4, '{inspector}', now())`,
    [layout, region, user.rows[0]!.id, JSON.stringify(GRID)],
  );
  const patrol = '7f0f9a52-4b7e-4f0e-9a53-0d8b6c1f2e11';
  await centre.pool.query(
    `INSERT INTO patrol (id, name, region, owner, steps, roles, changed_at)
     VALUES ($1, 'D1', $2, $3, '[]', '{inspector}', now())`,
    [patrol, region, user.rows[0]!.id],
  );
  const cookie = await centre.signIn('admin');
  const wall = ((await centre.call('POST /api/walls', { cookie, body: WALL })).body as { id: string }).id;
  const unmasking = await centre.pool.query<{ id: number }>(
    `INSERT INTO unmasking (screen_id, region, asked_by, reason, minutes, asked_at)
     VALUES ('dz-screen', $1, '赵建国', 'D1', 5, to_timestamp($2::float8 / 1000)) RETURNING id`,
    [region, centre.clock.now],
  );
  const clip = '5f0f9a52-4b7e-4f0e-9a53-0d8b6c1f2e11';
  await centre.pool.query(
    `INSERT INTO clip (id, camera_id, camera_name, region, from_at, to_at, reason, made_by, made_at, state, manifest,
       public_key, signature)
     VALUES ($1, 'dz-camera', 'D1', $2, now(), now(), 'D1', '赵建国', now(), 'done', $3, '', '')`,
    [
      clip,
      region,
      JSON.stringify({ clip: CLIP_FACTS, file: { sha256: '', bytes: 1 }, segments: [], gaps: [] }),
    ],
  );
  await centre.pool.query(
    `INSERT INTO viewing (id, source_id, camera_id, camera_name, region, username, quality, carried_by, started_at)
     VALUES (gen_random_uuid(), 'media', 'dz-camera', 'D1', $1, 'dz-inspector', 'main', 'webrtc', now())`,
    [region],
  );
  const backtest = await centre.call('POST /api/backtests', {
    cookie: await centre.signIn('admin'),
    body: BACKTEST,
  });
  Object.assign(foreign, {
    '/api/layouts/:id': layout,
    '/api/patrols/:id': patrol,
    ...Object.fromEntries(
      ['', '/state', '/tokens', '/tokens/:token', '/commands'].map((part) => [`/api/walls/:id${part}`, wall]),
    ),
    '/api/clips/:id/manifest': clip,
    ...Object.fromEntries(
      ['image', 'approve', 'end'].map((part) => [
        `/api/unmaskings/:id/${part}`,
        String(unmasking.rows[0]!.id),
      ]),
    ),
    '/api/screens/:id/unmask': 'dz-screen',
    '/api/screens/:id/unmaskings': 'dz-screen',
    '/api/admin/screens/:id': 'dz-screen',
    '/api/admin/screens/:id/token': 'dz-screen',
    '/api/clips/:id/file': clip,
    '/api/clips/:id/end': clip,
    '/api/backtests/:id': (backtest.body as BacktestRun).id,
    '/api/alerts/:id/routing': String(alert.rows[0]!.id),
    '/api/silences/:id': String(silence.rows[0]!.id),
    '/api/alerts/:id': String(alert.rows[0]!.id),
    '/api/alerts/:id/actions': String(alert.rows[0]!.id),
    '/api/cases/:caseId': '130682/D1',
    '/api/cases/:caseId/replay': '130682/D1',
    '/api/screens/:id/history': 'dz-screen',
    '/api/screens/:id/spans': 'dz-screen',
    '/api/screens/:id/image': 'dz-screen',
    '/api/users/:id': String(user.rows[0]!.id),
    '/api/halls/:id': 'dz-hall',
    '/api/admin/cameras/:id': 'dz-camera',
    '/api/sources/:id': 'dz-approval',
    '/api/sources/:id/token': 'dz-approval',
    '/api/dead-letters/:id/replay': String(letter.rows[0]!.id),
    // These belong to all: a county sees its part of them.
    '/api/matters/:id': 'permit',
    '/api/rulesets/:version': '1',
    '/api/calendars/:year': '2026',
  });
}

beforeAll(async () => {
  centre = await openTestCentre();
  await putForeignThings();
  for (const name of ['admin', 'inspector', 'zz-admin', 'zz-inspector', 'zz-clerk']) {
    cookies[name] = await centre.signIn(name);
  }
}, 60_000);
afterAll(() => centre.close());

function requestOf({ method, path }: Route): string {
  const filled = path
    .replace(/:\w+/, () => encodeURIComponent(foreign[path]!))
    // A thing of the thing.
    .replace(/:\w+/, '1');
  return `${method.toUpperCase()} ${filled}`;
}

const named = (routes: readonly Route[]) =>
  routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]);
/** The case has no state to be shown, an unmasked picture is shown to who asked alone, and the film of a clip is at the media host. */
const NOT_SHOWN = ['/api/cases/:caseId', '/api/clips/:id/file', '/api/unmaskings/:id/image'];
const isShown = ([, { method, path }]: [string, Route]) => method === 'get' && !NOT_SHOWN.includes(path);
/** A search is the media host's, and its owner's: tests/cameras.test.ts. */
const SEARCH = '/api/admin/cameras/discovery/:id';
const closed = ROUTES.filter((route) => route.access.open === undefined && route.path !== SEARCH);
const SHARED = ['/api/matters/:id', '/api/rulesets/:version', '/api/calendars/:year'];
const withObject = closed.filter(
  ({ path, access }) => access.roles && path.includes(':') && !SHARED.includes(path),
);
const withRegion = closed.filter((route) => route.query && 'region' in route.query.shape);
const adding = closed.filter(
  (route) => route.method === 'post' && (route.success.status === 201 || route.success.status === 202),
);

/** An administrator of 涿州市 where only administrators may call; else its inspector. */
const zhuozhou = (route: Route) => (route.access.roles?.includes('inspector') ? 'zz-inspector' : 'zz-admin');
const city = (route: Route) => (route.access.roles?.includes('inspector') ? 'inspector' : 'admin');

describe('a county sees no other county', () => {
  test('there is something to see', () => {
    expect(withObject.length).toBeGreaterThanOrEqual(7);
    expect(withRegion.length).toBeGreaterThanOrEqual(6);
    expect(adding.length).toBeGreaterThanOrEqual(5);
  });

  test.each(named(withObject))('%s: an object outside is not found', async (name, route) => {
    const cookie = cookies[zhuozhou(route)]!;
    const answer = await centre.call(requestOf(route), { cookie, body: bodies[name] });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ type: 'urn:mingjing:problem:not-found', status: 404 });
  });

  test.each(named(withObject).filter(isShown))(
    '%s: the same object is there for the city',
    async (_name, route) => {
      expect((await centre.call(requestOf(route), { cookie: cookies[city(route)]! })).status).toBe(200);
    },
  );

  test('the case is in the list of the city, and not in that of the county', async () => {
    for (const [name, total] of [
      ['inspector', 1],
      ['zz-inspector', 0],
    ] as const) {
      const answer = await centre.call('GET /api/cases', { cookie: cookies[name]! });
      expect(answer.body).toMatchObject({ total });
    }
  });

  test.each(named(withRegion))('%s: a region outside is forbidden', async (_name, route) => {
    const cookie = cookies[zhuozhou(route)]!;
    for (const region of ['130682', '130600', '130000']) {
      expect((await centre.call(`${requestOf(route)}?region=${region}`, { cookie })).status).toBe(403);
    }
    expect((await centre.call(`${requestOf(route)}?region=13%25`, { cookie })).status).toBe(400);
    expect((await centre.call(`${requestOf(route)}?region=130681100`, { cookie })).status).toBe(200);
  });

  test.each(named(adding))('%s: nothing is added outside', async (name, route) => {
    const answer = await centre.call(`POST ${route.path}`, {
      cookie: cookies['zz-admin']!,
      body: bodies[name],
    });
    // What is named by an object outside says no more than that there is no such object.
    expect([403, 404]).toContain(answer.status);
  });

  test('what belongs to all is changed by the whole centre only', async () => {
    const cookie = cookies['zz-admin']!;
    const asked = { cookie, body: bodies['patch /api/matters/:id'] };
    expect((await centre.call('PATCH /api/matters/permit', asked)).status).toBe(403);
  });

  test('lists hold only what lies inside', async () => {
    const cookie = cookies['zz-admin']!;
    const get = async (path: string) => (await centre.call(`GET ${path}`, { cookie })).body;
    expect(((await get('/api/regions')) as Region[]).map((region) => region.code)).toEqual([
      '130681',
      '130681100',
    ]);
    expect(((await get('/api/cameras')) as CameraTile[]).map((camera) => camera.id)).toEqual(['zz-camera']);
    expect(((await get('/api/departments')) as Department[]).map((one) => one.id)).toEqual(['zz-housing']);
    const everything = await Promise.all(
      closed
        .filter((route) => route.method === 'get' && route.access.roles && !route.path.includes(':'))
        .filter((route) => route.path !== '/api/report/overdue')
        .map(async (route) => [route.path, JSON.stringify(await get(route.path))] as const),
    );
    for (const [path, text] of everything)
      expect([path, /130682|dz-|定州|D1/.test(text)]).toEqual([path, false]);
  });
});

describe('roles', () => {
  test.each(named(closed))('%s: nobody gets in without signing in', async (name, route) => {
    const answer = await centre.call(requestOf(route), { body: bodies[name] });
    expect(answer.status).toBe(401);
  });

  test.each(named(closed.filter((route) => !route.access.roles?.includes('inspector'))))(
    '%s: is not for inspectors',
    async (name, route) => {
      const answer = await centre.call(requestOf(route), {
        cookie: cookies['inspector']!,
        body: bodies[name],
      });
      expect(answer.status).toBe(route.access.roles ? 403 : 401);
    },
  );

  test('a clerk watches neither alerts nor the wall', async () => {
    const cookie = cookies['zz-clerk']!;
    expect((await centre.call('GET /api/alerts', { cookie })).status).toBe(403);
    expect((await centre.call('GET /api/wall', { cookie })).status).toBe(403);
    expect((await centre.call('GET /api/cases', { cookie })).status).toBe(200);
  });

  test('addresses of cameras go to administrators and services only', async () => {
    const tiles = await centre.call('GET /api/cameras', { cookie: cookies['inspector']! });
    expect(JSON.stringify(tiles.body)).not.toContain('rtsp');
    const service = await centre.call('GET /api/service/cameras', { token: centre.tokens['media']! });
    expect(JSON.stringify(service.body)).toContain('rtsp://dz.example/1');
  });
});
