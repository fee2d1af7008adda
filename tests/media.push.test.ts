import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import type { Child } from '../scripts/runtime/process/child.ts';
import { freePort } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import {
  ZHUOZHOU,
  ffmpegsOf,
  signTicketFor,
  startMediaStand,
  type MediaStand,
} from './helpers/media-host.ts';
import { startPublisher } from './helpers/publisher.ts';
import { until } from './helpers/until.ts';

/** Real footage. */
const STREET = path.resolve(PROJECT_DIR, '../shared/data/video/intel_car-detection.mp4');

failOnLeaks();

let stand: MediaStand;
let server: string;
let port: number;
const publishers: Child[] = [];

const makeKey = (): string => randomBytes(24).toString('base64url');
const source = (key: string) => ({ kind: 'push', protocol: 'rtmp', key }) as const;
const live = ({ state }: { state: string }): boolean => state === 'live';

function push(
  key: string,
  ...picture: Parameters<typeof startPublisher> extends [string, ...infer P] ? P : never
) {
  const publisher = startPublisher(`${server}/${key}`, ...picture);
  publishers.push(publisher);
  return publisher;
}

describe('cameras that push by RTMP', () => {
  beforeAll(async () => {
    port = await freePort();
    server = `rtmp://127.0.0.1:${port}/live`;
    stand = await startMediaStand({ MINGJING_MEDIA_RTMP_PORT: String(port) });
  }, 60_000);
  afterEach(() => Promise.all(publishers.splice(0).map((publisher) => publisher.stop())));
  afterAll(() => stand.stop(), 30_000);

  test('are waited for, shown as they are, and shown again when they are back', async () => {
    const key = makeKey();
    stand.add({ id: 'pushed', source: source(key) });
    const leave = await stand.watch('pushed');
    expect(await stand.statusUntil('pushed', ({ state }) => state === 'retrying')).toMatchObject({
      reason: expect.stringContaining('等待推流') as unknown as string,
    });
    const publisher = push(key);
    const shown = { mode: 'copy', codec: 'h264', width: 640, height: 360, reason: null };
    expect(await stand.statusUntil('pushed', live)).toMatchObject(shown);
    const ticket = signTicketFor(ZHUOZHOU);
    const still = await until(
      () => fetch(`${stand.media.url}/still/pushed?ticket=${ticket}`),
      ({ status }) => status === 200,
      20_000,
    );
    expect(still.headers.get('content-type')).toBe('image/jpeg');

    await publisher.kill9();
    await stand.statusUntil('pushed', ({ reason }) => reason?.includes('等待推流') === true);
    push(key, { size: '320x180' });
    expect(await stand.statusUntil('pushed', (status) => live(status) && status.width === 320)).toMatchObject(
      { mode: 'copy', height: 180 },
    );
    leave();
    await stand.statusUntil('pushed', ({ state }) => state === 'idle');
    await until(
      () => ffmpegsOf(stand.media),
      (left) => left.length === 0,
      20_000,
    );
  }, 90_000);

  test('several at once, main and small streams, with B-frames and real footage', async () => {
    const keys = [makeKey(), makeKey(), makeKey(), makeKey()] as const;
    stand.add({ id: 'two', source: source(keys[0]), sub: source(keys[1]) });
    stand.add({ id: 'bframes', source: source(keys[2]) });
    stand.add({ id: 'street', source: source(keys[3]) });
    await stand.statusUntil('street', () => true);
    push(keys[0]);
    push(keys[1], { size: '320x180' });
    push(keys[2], { bFrames: 2 });
    push(keys[3], existsSync(STREET) ? { file: STREET } : {});
    const leave = [
      await stand.watch('two'),
      await stand.watch('two', 'sub'),
      await stand.watch('bframes'),
      await stand.watch('street'),
    ];
    expect(await stand.statusUntil('two', live)).toMatchObject({ mode: 'copy', width: 640 });
    expect(await stand.statusUntil('two', live, { quality: 'sub' })).toMatchObject({ width: 320 });
    expect(await stand.statusUntil('bframes', live)).toMatchObject({ mode: 'transcode' });
    expect(await stand.statusUntil('street', live)).toMatchObject({ codec: 'h264' });
    leave.forEach((go) => go());
  }, 90_000);

  test('a key that is none, or not any more, is refused; none is ever written down', async () => {
    const key = makeKey();
    stand.add({ id: 'mine', source: source(key) });
    await stand.statusUntil('mine', () => true);
    const wrong = [key.slice(1), makeKey(), `${key}x`];
    for (const other of wrong) {
      const { code } = await push(other).ended;
      expect(code).not.toBe(0);
    }
    const publisher = push(key);
    const leave = await stand.watch('mine');
    await stand.statusUntil('mine', live);
    // Another encoder with the key takes the place: a lost connection is not waited for.
    const next = push(key);
    await publisher.ended;
    await stand.statusUntil('mine', live);
    stand.site.cameras.splice(
      stand.site.cameras.findIndex(({ id }) => id === 'mine'),
      1,
    );
    await next.ended;
    leave();
    for (const secret of [key, ...wrong]) expect(stand.media.log()).not.toContain(secret);
  }, 90_000);

  test('what is no RTMP, or says nothing, is sent away', async () => {
    const send = (bytes: Buffer): Promise<undefined> => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.resume();
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(undefined));
      return promise;
    };
    const greeting = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);
    await Promise.all([
      send(Buffer.from('GET / HTTP/1.1\r\n\r\n')),
      // A message of 16 MB from a stranger.
      send(Buffer.concat([greeting, Buffer.of(3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0)])),
      send(Buffer.concat([greeting, Buffer.of(3, 0, 0, 0, 0, 0, 2, 20, 0, 0, 0, 0, 99, 99)])),
      send(Buffer.alloc(0)),
    ]);
    expect((await fetch(`${stand.media.url}/healthz`)).status).toBe(200);
  }, 60_000);
});
