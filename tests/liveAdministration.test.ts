import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AdminCamera, CreatedSource, Delta, DeltaBatch, JoinAnswer } from '@mingjing/contracts';
import { io, type Socket } from 'socket.io-client';
import { openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const WITHIN_MS = 30_000;
const [CITY, OURS, THEIRS] = ['130600', '130681', '130682'] as const;
/** Who looks at which scope. */
const LOOKERS = { [CITY]: 'inspector', [OURS]: 'zz-inspector', [THEIRS]: 'dz-inspector' };

let centre: Installation;
let admin: string;
const sockets: Socket[] = [];
/** What each scope was told of cameras and screens, as they come: "gone zz-camera", "zz-camera 130682 zz 摄像机". */
const told: Record<string, string[]> = { [CITY]: [], [OURS]: [], [THEIRS]: [] };

function wordsOf(delta: Delta): string[] {
  if (delta.type === 'cameraGone') return [`gone ${delta.camera}`];
  if (delta.type === 'screenGone') return [`gone ${delta.screen}`];
  const tile = delta.type === 'camera' ? delta.camera : delta.type === 'screen' ? delta.screen : null;
  return tile ? [`${tile.id} ${tile.region} ${tile.name} ${tile.counter}`] : [];
}

async function follow(region: string, username: string): Promise<void> {
  const socket = io(centre.url, {
    ...{ path: '/live', transports: ['websocket'], forceNew: true },
    extraHeaders: { cookie: await centre.signIn(username) },
  });
  sockets.push(socket);
  socket.on('deltas', ({ deltas }: DeltaBatch) => told[region]?.push(...deltas.flatMap(wordsOf)));
  const joined = (await socket.timeout(WITHIN_MS).emitWithAck('join', { region })) as JoinAnswer;
  if (!joined.ok) throw new Error(joined.problem.detail);
}

const heard = (region: string, wanted: string) =>
  until(
    () => told[region],
    (words) => words?.includes(wanted) === true,
    WITHIN_MS,
  );

async function change<T>(request: string, body: object): Promise<T> {
  const answer = await centre.call(request, { cookie: admin, body });
  if (answer.status > 299) throw new Error(JSON.stringify(answer.body));
  return answer.body as T;
}

async function changeCamera(id: string, wish: object): Promise<void> {
  const all = (await centre.call('GET /api/admin/cameras', { cookie: admin })).body as AdminCamera[];
  const revision = all.find((camera) => camera.id === id)?.revision;
  await change(`PATCH /api/admin/cameras/${id}`, { ...wish, revision });
}

describe('what administration changes stands on every wall at once', () => {
  beforeAll(async () => {
    centre = await openInstallation();
    admin = await centre.signIn('admin');
    for (const [region, username] of Object.entries(LOOKERS)) await follow(region, username);
  }, 120_000);

  afterAll(async () => {
    for (const socket of sockets) socket.disconnect();
    await centre.close();
  }, 60_000);

  test('a camera of another county now leaves the one that had it, and nothing is said of it there again', async () => {
    const source = { kind: 'rtsp', url: 'rtsp://127.0.0.1/1' };
    await changeCamera('zz-camera', { name: '改名', counter: null, source, credentials: null });
    await heard(OURS, 'zz-camera 130681 改名 null');
    await changeCamera('zz-camera', { region: THEIRS, hall: 'dz-hall' });
    await heard(OURS, 'gone zz-camera');
    for (const region of [CITY, THEIRS]) await heard(region, 'zz-camera 130682 改名 null');
    expect(told[CITY]).not.toContain('gone zz-camera');
    expect(told[THEIRS]).toEqual(['zz-camera 130682 改名 null']);

    const before = told[OURS]?.length;
    await changeCamera('zz-camera', { disabled: true });
    for (const region of [CITY, THEIRS]) await heard(region, 'gone zz-camera');
    // One whose host is not known any more can be taken out of use as well.
    await changeCamera('dz-camera', { disabled: true });
    for (const region of [CITY, THEIRS]) await heard(region, 'gone dz-camera');
    const removed = await centre.call('DELETE /api/admin/cameras/zz-camera', { cookie: admin });
    expect(removed.status).toBe(204);
    const wall = (await centre.call(`GET /api/wall?region=${CITY}`, { cookie: admin })).body;
    expect(wall).toMatchObject({ cameras: [] });
    expect(told[OURS]).toHaveLength(before ?? 0);
  }, 60_000);

  test('a screen comes when it is added, and goes when it is taken out of use', async () => {
    const place = { region: OURS, hall: 'zz-hall', counter: 'zz-1' };
    await change<CreatedSource>('POST /api/admin/screens', {
      ...{ id: 'new', name: '新屏', ...place, url: 'http://10.0.0.1/', via: 'page' },
    });
    for (const region of [CITY, OURS]) await heard(region, 'new 130681 新屏 zz-1');
    await change('PATCH /api/admin/screens/new', { name: '改屏', counter: null });
    await heard(OURS, 'new 130681 改屏 null');
    await change('PATCH /api/admin/screens/new', { disabled: true });
    for (const region of [CITY, OURS]) await heard(region, 'gone new');
    await change('PATCH /api/admin/screens/new', { disabled: false });
    await until(
      () => told[OURS]?.at(-1),
      (last) => last === 'new 130681 改屏 null',
      WITHIN_MS,
    );
    expect(told[THEIRS]?.filter((words) => words.includes('new'))).toEqual([]);
  }, 60_000);
});
