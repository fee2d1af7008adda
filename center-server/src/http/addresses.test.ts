import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  const lists = { cameraHosts: ['10.20.0.0/16', '*.hall.example'], screenHosts: ['10.30.0.0/16'] };
  centre = await openTestCentre({ ...lists, filmsDir: '/films', production: true });
  cookie = await centre.signIn('zz-admin');
}, 60_000);
afterAll(() => centre.close());

const place = { name: 'n', region: '130681', hall: null, counter: null };
let made = 0;
const addCamera = (source: unknown) =>
  centre.call('POST /api/admin/cameras', { cookie, body: { ...place, id: `c${(made += 1)}`, source } });
const addScreen = (url: string) =>
  centre.call('POST /api/admin/screens', { cookie, body: { ...place, id: `s${(made += 1)}`, url } });

test('a county’s administrator adds cameras and screens where they may be', async () => {
  const added = await Promise.all([
    addCamera({ kind: 'rtsp', url: 'rtsp://admin:pw@10.20.1.2:554/1' }),
    addCamera({ kind: 'rtsp', url: 'rtsp://gate.hall.example/1' }),
    addCamera({ kind: 'file', path: 'hall/a.mp4' }),
    addCamera({ kind: 'file', path: '/films/a.mp4' }),
    addCamera({ kind: 'generated', label: 'x', pattern: 1 }),
    addScreen('https://10.30.0.9/counter/3'),
  ]);
  expect(added.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
});

test.each([
  [
    'source.url',
    'centre.cameraHosts',
    () => addCamera({ kind: 'rtsp', url: 'rtsp://admin:s3cret@127.0.0.1/1' }),
  ],
  ['source.url', 'centre.cameraHosts', () => addCamera({ kind: 'rtsp', url: 'rtsp://10.30.0.9/1' })],
  ['source.path', 'centre.filmsDir', () => addCamera({ kind: 'file', path: '/etc/passwd' })],
  ['source.path', 'centre.filmsDir', () => addCamera({ kind: 'file', path: 'a/../../b' })],
  ['url', 'centre.screenHosts', () => addScreen('http://127.0.0.1:8080/metrics')],
  ['url', 'centre.screenHosts', () => addScreen('http://169.254.169.254/latest/meta-data')],
])('and nowhere else: %s names %s', async (field, key, add) => {
  const { status, body } = await add();
  expect(status).toBe(400);
  expect(body).toMatchObject({ errors: [{ field, message: expect.stringContaining(key) }] });
  expect(JSON.stringify(body)).not.toContain('s3cret');
});
