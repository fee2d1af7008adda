import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DeltaBatch, type JoinAnswer, type PublishedRuleset } from '@mingjing/contracts';
import { io, type Socket } from 'socket.io-client';
import { SMALL_CITY } from './helpers/city.ts';
import { openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import {
  CITY,
  OURS,
  overdue,
  readOperations,
  THEIR_MARKS,
  theirThings,
  THEIRS,
  type Operation,
} from './helpers/two-counties.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const WITHIN_MS = 45_000;
let centre: Installation;
let operations: Operation[];
const cookies: Record<string, string> = {};
/** Ids of their things, by the path in which they stand. */
let theirs: Record<string, string>;

/** An operation's address, asking for a thing of theirs. @throws Error for one that this test does not know */
function addressOf({ path, parameters }: Operation): string {
  if (!parameters.some((one) => one.in === 'path')) return path;
  const thing = theirs[path];
  if (thing === undefined) throw new Error(`${path} is new: tell this test what stands in it`);
  return path.replace(/\{\w+\}/, thing).replace(/\{\w+\}/, '1');
}

const GETS = () =>
  operations.filter(
    ({ method, path }) =>
      method === 'GET' &&
      path !== '/api/session' &&
      !path.startsWith('/api/service') &&
      // Sends on to the media host: tests/recording.test.ts.
      path !== '/api/clips/{id}/file' &&
      // The search of whoever began it, at the media host: tests/cameras.test.ts.
      path !== '/api/admin/cameras/discovery/{id}' &&
      // For who asked alone: center-server/src/http/unmasking.test.ts.
      path !== '/api/unmaskings/{id}/image',
  );

// The leak check has hooks of its own around those of the group.
describe('who may see what', () => {
  beforeAll(async () => {
    centre = await openInstallation();
    operations = await readOperations(centre);
    for (const { username } of SMALL_CITY.users) cookies[username] = await centre.signIn(username);
    theirs = await theirThings(centre);
  }, 120_000);

  afterAll(async () => {
    await centre.close();
  }, 60_000);

  describe('a county does not see another', () => {
    test('by any GET route that is asked for their things', async () => {
      const asked: string[] = [];
      for (const operation of GETS()) {
        const names = operation.parameters.map(({ name }) => name);
        const address = addressOf(operation);
        const theirCase = theirs['/api/cases/{caseId}'] ?? '';
        const wishes = [
          ...(address === operation.path ? [] : ['']),
          ...(names.includes('region') ? [`region=${THEIRS}`, `region=${CITY}`] : []),
          ...(names.includes('source')
            ? [`source=dz-approval${names.includes('case') ? `&case=${theirCase}` : ''}`]
            : []),
          ...(names.includes('department') ? ['department=dz-housing'] : []),
          ...(names.includes('text') ? [`text=${encodeURIComponent('秘')}`] : []),
        ];
        for (const wish of wishes) {
          const request = `GET ${address}${wish === '' ? '' : `?${wish}`}`;
          asked.push(request);
          // Whoever sees the whole city is answered: the thing is there to be seen.
          const seen = await centre.call(request, { cookie: cookies['admin']! });
          expect([request, seen.status]).toEqual([request, 200]);
          for (const username of ['zz-admin', 'zz-inspector', 'zz-clerk']) {
            const answer = await centre.call(request, { cookie: cookies[username]! });
            expect([200, 403, 404]).toContain(answer.status);
            if (answer.status !== 200) continue;
            expect({ request, body: JSON.stringify(answer.body) }).not.toEqual({
              request,
              body: expect.stringMatching(THEIR_MARKS),
            });
          }
        }
      }
      expect(asked.length).toBeGreaterThan(12);
    }, 90_000);

    test('by any GET route that asks for nothing in particular', async () => {
      const telling: string[] = [];
      for (const { path, parameters } of GETS()) {
        if (parameters.some(({ required }) => required)) continue;
        const whole = JSON.stringify((await centre.call(`GET ${path}`, { cookie: cookies['admin']! })).body);
        if (THEIR_MARKS.test(whole)) telling.push(path);
        for (const username of ['zz-admin', 'zz-inspector', 'zz-clerk']) {
          const { body } = await centre.call(`GET ${path}`, { cookie: cookies[username]! });
          expect({ path, body: JSON.stringify(body) }).not.toEqual({
            path,
            body: expect.stringMatching(THEIR_MARKS),
          });
        }
      }
      // The city's administrator was told of theirs by each of these: the marks are really looked for.
      expect(telling).toEqual(
        expect.arrayContaining([
          ...['/api/wall', '/api/alerts', '/api/cases', '/api/regions', '/api/departments', '/api/cameras'],
          ...['/api/halls', '/api/calendars'],
          ...[
            '/api/viewings',
            '/api/admin/cameras',
            '/api/admin/screens',
            '/api/users',
            '/api/sources',
            '/api/dead-letters',
          ],
        ]),
      );
    }, 60_000);

    test('and cannot change anything there', async () => {
      const cookie = cookies['zz-admin']!;
      const camera = { ...SMALL_CITY.cameras[0]!, id: 'zz-neu', region: THEIRS, hall: null, counter: null };
      const screen = { ...SMALL_CITY.screens[0]!, id: 'zz-neu', region: THEIRS, hall: null, counter: null };
      const user = {
        username: 'zz-neu',
        name: '新',
        role: 'inspector',
        region: THEIRS,
        password: 'ten characters',
      };
      const latest = (await centre.call('GET /api/rulesets/2', { cookie })).body as PublishedRuleset;
      const { version: base, ...ruleset } = latest.body;
      const foreign = { region: THEIRS, ladder: 'baoding' };
      const draft = {
        ...{ base, note: '' },
        body: { ...ruleset, assignments: [...ruleset.assignments, foreign] },
      };
      const trial = { body: ruleset, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
      const days = {
        ...{ base: 1, note: '', remove: [] },
        put: [{ region: THEIRS, date: '2026-12-02', working: false, name: '停工' }],
      };
      const tile = { x: 0, y: 0, w: 1, h: 1, content: { kind: 'next' } };
      const layout = { name: '新', region: THEIRS, grid: { columns: 1, rows: 1, tiles: [tile] } };
      const step = { dwellSeconds: 9, show: { kind: 'cameras', cameras: ['dz-camera'] } };
      const patrol = { name: '新', region: THEIRS, steps: [step] };
      const screenWall = { name: '新', region: THEIRS, windows: [{ layout: null }] };
      const theirWall = `/api/walls/${theirs['/api/walls/{id}']}`;
      const attempts: [string, unknown, number][] = [
        [`POST /api/alerts/${theirs['/api/alerts/{id}']}/actions`, { action: 'close' }, 404],
        [`PATCH /api/users/${theirs['/api/users/{id}']}`, { disabled: true }, 404],
        ['DELETE /api/sources/dz-approval', undefined, 404],
        ['POST /api/sources/dz-approval/token', undefined, 404],
        [`POST /api/dead-letters/${theirs['/api/dead-letters/{id}/replay']}/replay`, undefined, 404],
        ['POST /api/users', user, 403],
        ['POST /api/users', { ...user, region: CITY }, 403],
        ['POST /api/sources', { id: 'zz-neu', name: '新', kind: 'csv', region: THEIRS }, 403],
        ['POST /api/admin/cameras', camera, 403],
        ['PATCH /api/admin/cameras/dz-camera', { name: '改', revision: 1 }, 404],
        ['DELETE /api/admin/cameras/dz-camera', undefined, 404],
        ['POST /api/admin/cameras/test', { region: THEIRS, source: camera.source }, 403],
        ['POST /api/admin/cameras/discovery', { region: THEIRS }, 403],
        ['POST /api/admin/screens', screen, 403],
        ['PATCH /api/admin/screens/dz-screen', { name: '改' }, 404],
        ['POST /api/admin/screens/dz-screen/token', undefined, 404],
        ['DELETE /api/admin/screens/dz-screen/token', undefined, 404],
        ['POST /api/screens/dz-screen/unmask', { reason: '核对录入', minutes: 1 }, 403],
        [`POST /api/unmaskings/${theirs['/api/unmaskings/{id}/end']}/approve`, undefined, 403],
        [`POST /api/unmaskings/${theirs['/api/unmaskings/{id}/end']}/end`, undefined, 404],
        ['POST /api/rulesets', draft, 403],
        ['POST /api/rulesets/check', draft, 403],
        ['POST /api/calendars', days, 403],
        ['POST /api/matters', { ...SMALL_CITY.matters[0], id: 'zz-neu' }, 403],
        ['PATCH /api/matters/permit', { promised: { workingDays: 1 } }, 403],
        ['PATCH /api/halls/dz-hall', { hours: null }, 404],
        ['POST /api/silences', { region: THEIRS, reason: '静', expiresAt: Date.now() + 60_000 }, 403],
        [`DELETE /api/silences/${theirs['/api/silences/{id}']}`, undefined, 404],
        ['POST /api/clips', { camera: 'dz-camera', from: 0, to: 1000, reason: '证' }, 404],
        [`POST /api/clips/${theirs['/api/clips/{id}/end']}/end`, { reason: '期满' }, 404],
        ['POST /api/layouts', layout, 403],
        [`PUT /api/layouts/${theirs['/api/layouts/{id}']}`, { ...layout, revision: 1 }, 404],
        [`DELETE /api/layouts/${theirs['/api/layouts/{id}']}`, undefined, 404],
        ['POST /api/patrols', patrol, 403],
        [`PUT /api/patrols/${theirs['/api/patrols/{id}']}`, { ...patrol, revision: 1 }, 404],
        [`DELETE /api/patrols/${theirs['/api/patrols/{id}']}`, undefined, 404],
        ['POST /api/walls', screenWall, 403],
        [`PUT ${theirWall}`, { ...screenWall, revision: 1 }, 404],
        [`DELETE ${theirWall}`, undefined, 404],
        [`POST ${theirWall}/commands`, { do: 'pause' }, 404],
        [`POST ${theirWall}/tokens`, { note: '左' }, 404],
        [`DELETE ${theirWall}/tokens/1`, undefined, 404],
        ['POST /api/backtests', { ...trial, region: THEIRS }, 403],
        [`DELETE /api/backtests/${theirs['/api/backtests/{id}']}`, undefined, 404],
      ];
      for (const [request, body, status] of attempts) {
        const answer = await centre.call(request, { cookie, ...(body === undefined ? {} : { body }) });
        expect([request, answer.status]).toEqual([request, status]);
      }
      // Whatever else changes something must be on the list above, or at nobody's county.
      const covered = attempts.map(([request]) => request.split(' ')[0]);
      const changing = operations.filter(
        ({ method, path }) => method !== 'GET' && !/session|ingest|layout-choice|\/api\/service\//.test(path),
      );
      expect(changing.map(({ method }) => method).sort()).toEqual(covered.toSpliced(6, 1).sort());
    });
  });

  describe('the live feed', () => {
    const sockets: Socket[] = [];
    afterAll(() => sockets.forEach((socket) => socket.disconnect()));

    function connect(cookie?: string): Socket {
      const headers = cookie === undefined ? {} : { cookie };
      const socket = io(centre.url, {
        path: '/live',
        transports: ['websocket'],
        extraHeaders: headers,
        forceNew: true,
      });
      sockets.push(socket);
      return socket;
    }
    const join = (socket: Socket, region: string) =>
      socket.timeout(WITHIN_MS).emitWithAck('join', { region }) as Promise<JoinAnswer>;

    test('lets nobody in who is not signed in', async () => {
      const error = await new Promise<Error>((resolve) => connect().once('connect_error', resolve));
      expect(error.message).toBe('unauthenticated');
    });

    test('refuses another county’s scope, and tells nothing of it in one’s own', async () => {
      const [ours, whole] = [connect(cookies['zz-inspector']), connect(cookies['inspector'])];
      const told: Record<'ours' | 'whole', string[]> = { ours: [], whole: [] };
      ours.onAny((...what) => told.ours.push(JSON.stringify(what)));
      whole.on('deltas', (batch: DeltaBatch) => told.whole.push(JSON.stringify(batch)));
      for (const region of [THEIRS, CITY]) {
        expect(await join(ours, region)).toMatchObject({ ok: false, problem: { status: 403 } });
      }
      const joined = await join(ours, OURS);
      expect(joined.ok).toBe(true);
      expect(JSON.stringify(joined)).not.toMatch(THEIR_MARKS);
      expect((await join(whole, CITY)).ok).toBe(true);

      const heard = (by: 'ours' | 'whole', what: string) =>
        until(
          () => told[by].join('\n'),
          (text) => text.includes(what) && text.includes('"type":"figures"'),
          WITHIN_MS,
        );
      await centre.post('dz-approval', [overdue('dz', '秘-3')]);
      await heard('whole', '秘-3');
      await centre.post('zz-approval', [overdue('zz', '明-1')]);
      await heard('ours', '明-1');
      expect(told.ours.filter((text) => THEIR_MARKS.test(text))).toEqual([]);
    }, 120_000);
  });

  describe('whoever is not signed in', () => {
    test('is answered 401 by every route but the one that signs in', async () => {
      const open = operations.filter(({ security }) => security.length === 0);
      expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
        ...['DELETE /api/session', 'GET /api/session', 'POST /api/session', 'POST /api/walls/session'],
      ]);
      expect((await centre.call('GET /api/session')).status).toBe(401);
      const closed = operations.filter(({ security }) => security.length > 0);
      expect(closed.length).toBeGreaterThan(25);
      for (const operation of closed) {
        const address = operation.path.includes('{sha256}')
          ? operation.path.replace('{sha256}', '0'.repeat(64))
          : addressOf(operation);
        const request = `${operation.method} ${address}`;
        for (const stranger of [{}, { cookie: 'mj_session=guessed' }, { token: 'mjs_guessed' }]) {
          expect([request, (await centre.call(request, stranger)).status]).toEqual([request, 401]);
        }
      }
    }, 60_000);
  });

  describe('a source', () => {
    test('of one county cannot post for another, nor take its ids, nor ask about it', async () => {
      const event = overdue('dz', '秘-4');
      const refused = await centre.post('zz-approval', [event]);
      expect(refused.results[0]).toMatchObject({
        status: 'rejected',
        reason: expect.stringMatching(/^data\.region: .*130682/),
      });
      // An event of ours under their name and id: theirs is not taken for a duplicate afterwards.
      const ours = { ...event, data: { ...event.data, region: OURS } };
      expect(await centre.post('zz-approval', [ours])).toMatchObject({ stored: 1 });
      expect(await centre.post('dz-approval', [event])).toMatchObject({ stored: 1, duplicate: 0 });
      const token = centre.tokens['zz-approval']!;
      const about = 'GET /api/report/overdue?source=dz-approval';
      expect((await centre.call(about, { token })).status).toBe(403);
      // The arithmetic of a case: a source is told of its own cases only, whoever's number it names.
      const clock = 'GET /api/report/clock?case=D1';
      expect((await centre.call(`${clock}&source=dz-approval`, { token })).status).toBe(403);
      expect((await centre.call(clock, { token })).status).toBe(404);
      for (const service of ['cameras', 'screens']) {
        const asked = await centre.call(`GET /api/service/${service}`, {
          token: centre.tokens['zz-approval']!,
        });
        expect(asked.status).toBe(403);
      }
    });
  });
});
