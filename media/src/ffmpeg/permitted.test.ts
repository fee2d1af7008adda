import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NotPermitted, permittedSource } from './permitted.ts';
import type { Permitted } from './permitted.ts';

let base: string;
let permitted: Permitted;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'mingjing-films-'));
  const filmsDir = path.join(base, 'films');
  await mkdir(path.join(filmsDir, 'hall'), { recursive: true });
  await mkdir(path.join(base, 'films-of-others'));
  await Promise.all(
    ['secret.mp4', 'films-of-others/a.mp4', 'films/a.mp4', 'films/hall/b.mp4'].map((name) =>
      writeFile(path.join(base, name), ''),
    ),
  );
  await symlink(path.join(base, 'secret.mp4'), path.join(filmsDir, 'out.mp4'));
  await symlink('a.mp4', path.join(filmsDir, 'in.mp4'));
  await symlink(base, path.join(filmsDir, 'up'));
  permitted = { filmsDir, cameraHosts: undefined, production: false, addressOf: () => '/tmp/pushed' };
});
afterAll(() => rm(base, { recursive: true }));

const opened = (film: string) => permittedSource({ kind: 'file', path: film }, permitted);

test('films are opened in their folder, by their real name', async () => {
  const a = { kind: 'file', path: path.join(base, 'films/a.mp4') };
  expect(await opened('a.mp4')).toEqual(a);
  expect(await opened('in.mp4')).toEqual(a);
  expect(await opened(path.join(base, 'films/hall/../a.mp4'))).toEqual(a);
  expect(await opened('hall/b.mp4')).toEqual({ kind: 'file', path: path.join(base, 'films/hall/b.mp4') });
  await expect(opened('missing.mp4')).rejects.toThrow('ENOENT');
});

test.each([
  '../secret.mp4',
  'out.mp4',
  'up/secret.mp4',
  '../films-of-others/a.mp4',
  '/etc/passwd',
  '.',
  'hall/..',
])('nothing is opened outside: %s', async (film) => {
  await expect(opened(film)).rejects.toThrow(NotPermitted);
  await expect(opened(film)).rejects.toThrow(/source\.path.*media\.filmsDir/);
});

test('a camera is opened on permitted hosts only, and its password is not told', async () => {
  const camera = { kind: 'rtsp', url: 'rtsp://admin:s3cret@192.0.2.1/1' } as const;
  await expect(permittedSource(camera, permitted)).rejects.toThrow(/192\.0\.2\.1.*media\.cameraHosts/);
  await expect(permittedSource(camera, permitted)).rejects.not.toThrow('s3cret');
  const listed = { ...permitted, cameraHosts: ['192.0.2.0/24'], production: true };
  expect(await permittedSource(camera, listed)).toEqual(camera);
  await expect(permittedSource({ ...camera, url: 'rtsp://10.0.0.1/1' }, listed)).rejects.toThrow(
    NotPermitted,
  );
});
