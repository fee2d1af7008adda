import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { ZHUOZHOU, signTicketFor, startMediaStand } from './helpers/media-host.ts';
import type { MediaStand } from './helpers/media-host.ts';
import type { Picture } from './helpers/rtsp.ts';

/** Real footage. */
const FOOTAGE = path.resolve(PROJECT_DIR, '../shared/data/video');

failOnLeaks();

let stand: MediaStand;
// The leak check has hooks of its own around those of the group.
describe('the sources of a media host', () => {
  beforeAll(async () => {
    stand = await startMediaStand();
  }, 60_000);
  afterAll(() => stand.stop(), 30_000);

  const live = ({ state }: { state: string }): boolean => state === 'live';

  describe('a camera that asks for a password', () => {
    const credentials = { username: 'op', password: `p@ss:w/ö'd%` };

    test('is signed in at with digest, and the password is seen nowhere', async () => {
      const { url } = await stand.rtsp(undefined, {
        user: credentials.username,
        password: credentials.password,
      });
      stand.add({ id: 'locked', source: { kind: 'rtsp', url }, credentials });
      stand.add({
        id: 'refused',
        source: { kind: 'rtsp', url },
        credentials: { ...credentials, password: 'guessed wrong' },
      });
      const leave = [await stand.watch('locked'), await stand.watch('refused')];
      expect(await stand.statusUntil('locked', live)).toMatchObject({
        mode: 'copy',
        codec: 'h264',
        width: 640,
      });
      const { reason } = await stand.statusUntil('refused', (status) => status.reason !== null);
      expect(reason).toContain('401');
      // The camera itself knows its password.
      const commands = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => !line.includes('rtsp.py'));
      const everything = JSON.stringify([commands, stand.media.log(), reason]);
      for (const secret of ['p@ss', 'p%40ss', 'guessed']) expect(everything).not.toContain(secret);
      leave.forEach((go) => go());
    }, 60_000);
  });

  describe('how the packets are had', () => {
    test.each([
      ['a camera that offers TCP only', 'tcp', 'auto'],
      ['a camera that offers UDP only', 'udp', 'auto'],
      ['UDP, when it is asked for', undefined, 'udp'],
    ] as const)(
      '%s',
      async (name, offered, transport) => {
        const { url } = await stand.rtsp(undefined, offered && { transport: offered });
        stand.add({ id: name, source: { kind: 'rtsp', url, transport } });
        const leave = await stand.watch(name);
        await stand.statusUntil(name, live);
        leave();
      },
      60_000,
    );
  });

  describe('what cannot be shown as it is', () => {
    const pictures: [string, Picture, 'copy' | 'transcode'][] = [
      ['H.265', { kind: 'pattern', codec: 'h265' }, 'transcode'],
      ['MJPEG', { kind: 'pattern', codec: 'mjpeg' }, 'transcode'],
      ['B-frames', { kind: 'pattern', bFrames: 2 }, 'transcode'],
      ['H.264 High', { kind: 'pattern', profile: 'high' }, 'copy'],
    ];
    test.each(pictures)(
      '%s is encoded anew only when it has to be, and counted',
      async (name, picture, mode) => {
        const { url } = await stand.rtsp(picture);
        stand.add({ id: name, source: { kind: 'rtsp', url } });
        const leave = await stand.watch(name);
        expect(await stand.statusUntil(name, live)).toMatchObject({ mode });
        const health = (await (await fetch(`${stand.media.url}/healthz`)).json()) as {
          streams: { transcoded: number; stuck: number };
        };
        expect(health.streams).toMatchObject({ transcoded: mode === 'transcode' ? 1 : 0, stuck: 0 });
        leave();
        await stand.statusUntil(name, ({ state }) => state === 'idle');
      },
      60_000,
    );

    test('is replaced by the small stream of the camera, which is pulled once', async () => {
      const camera = await stand.rtsp(
        { kind: 'pattern', codec: 'h265', width: 1280, height: 720 },
        { sub: { kind: 'pattern', width: 320, height: 180 } },
      );
      const sub = camera.url.replace('/cam', '/sub');
      stand.add({ id: 'two', source: { kind: 'rtsp', url: camera.url }, sub: { kind: 'rtsp', url: sub } });
      const leave = [await stand.watch('two'), await stand.watch('two', 'sub')];
      const shown = { mode: 'copy', codec: 'h264', width: 320, height: 180 };
      expect(await stand.statusUntil('two', live)).toMatchObject({ ...shown, via: 'sub', viewers: 1 });
      expect(await stand.statusUntil('two', live, { quality: 'sub' })).toMatchObject({
        ...shown,
        viewers: 1,
      });
      expect(camera.sessions()).toMatchObject({ now: 1 });
      leave.forEach((go) => go());
      await stand.statusUntil('two', ({ state }) => state === 'idle');
      await stand.statusUntil('two', ({ state }) => state === 'idle', { quality: 'sub' });
    }, 60_000);
  });

  describe('one camera', () => {
    test('is pulled once, whoever wants a still, a picture or a recording of it', async () => {
      const camera = await stand.rtsp();
      stand.add({
        id: 'one',
        source: { kind: 'rtsp', url: camera.url },
        recording: { mode: 'continuous', beforeSeconds: 0, afterSeconds: 0, keepDays: 1, keepBytes: null },
      });
      await stand.statusUntil('one', () => true);
      const still = () => fetch(`${stand.media.url}/still/one?ticket=${signTicketFor(ZHUOZHOU)}`);
      const [, ...leave] = await Promise.all([
        still(),
        stand.watch('one'),
        stand.watch('one', 'sub'),
        stand.watch('one'),
      ]);
      await stand.statusUntil(
        'one',
        (status) => live(status) && status.viewers === 3 && status.recorders === 1,
      );
      expect((await still()).status).toBe(200);
      expect(camera.sessions()).toMatchObject({ now: 1, most: 1 });
      leave.forEach((go) => go());
    }, 60_000);
  });

  describe('real footage over RTSP', () => {
    const films = existsSync(FOOTAGE) ? readdirSync(FOOTAGE).filter((name) => name.endsWith('.mp4')) : [];
    if (films.length === 0) process.stdout.write(`${FOOTAGE} is absent: no real footage is shown\n`);
    test.each([['a pattern'], ...films.map((name) => [name])])(
      '%s is live, and not called frozen',
      async (name) => {
        const file = path.join(FOOTAGE, name);
        const { url } = await stand.rtsp(films.includes(name) ? { kind: 'file', file } : undefined);
        stand.add({ id: name, source: { kind: 'rtsp', url } });
        const leave = await stand.watch(name);
        const { since } = await stand.statusUntil(name, live);
        const later = await stand.statusUntil(
          name,
          (status) => status.state !== 'live' || Date.now() - since > 12_000,
        );
        expect(later).toMatchObject({ state: 'live', since });
        leave();
      },
      60_000,
    );
  });
});
