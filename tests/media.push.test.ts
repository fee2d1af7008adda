import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import type { Child } from '../scripts/runtime/process/child.ts';
import { makeCertificate } from './helpers/certificate.ts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
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
let secure: string;
let folder: string;
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
    const securePort = await freePort();
    folder = mkdtempSync(path.join(tmpdir(), 'mingjing-rtmps-'));
    const { pkey, cert } = await makeCertificate(folder);
    server = `rtmp://127.0.0.1:${port}/live`;
    secure = `rtmps://localhost:${securePort}/live`;
    stand = await startMediaStand({
      MINGJING_MEDIA_RTMP_PORT: String(port),
      MINGJING_MEDIA_RTMPS_PORT: String(securePort),
      MINGJING_MEDIA_RTMPS_CERT_FILE: cert,
      MINGJING_MEDIA_RTMPS_KEY_FILE: pkey,
    });
  }, 60_000);
  afterEach(() => Promise.all(publishers.splice(0).map((publisher) => publisher.stop())));
  afterAll(async () => {
    await stand.stop();
    rmSync(folder, { recursive: true });
  }, 30_000);

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

  test('over TLS as well, and nothing else is taken there', async () => {
    const key = makeKey();
    stand.add({ id: 'secure', source: source(key) });
    const leave = await stand.watch('secure');
    publishers.push(startPublisher(`${secure}/${key}`));
    expect(await stand.statusUntil('secure', live)).toMatchObject({ mode: 'copy', codec: 'h264' });
    const plain = startPublisher(`${secure.replace('rtmps', 'rtmp')}/${key}`);
    expect((await plain.ended).code).not.toBe(0);
    expect(await stand.statusUntil('secure', live)).toMatchObject({ mode: 'copy' });
    leave();
  }, 60_000);

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

  describe('and by WHIP', () => {
    let chromium: TestBrowser;
    beforeAll(async () => {
      chromium = await startBrowser({ width: 800, height: 600 });
    }, 60_000);
    afterAll(() => chromium.close(), 30_000);

    interface Answered {
      status: number;
      place: string | null;
      sdp: string;
    }
    const post = async (camera: string, key: string, body: string): Promise<Answered> => {
      const answer = await fetch(`${stand.media.url}/whip/${camera}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/sdp' },
        body,
      });
      return { status: answer.status, place: answer.headers.get('location'), sdp: await answer.text() };
    };
    /** A page that sends a picture that moves, as a browser with a camera does. */
    async function sender(): Promise<{
      offer: string;
      take: (sdp: string) => Promise<unknown>;
      close: () => Promise<void>;
    }> {
      const context = await chromium.browser.createBrowserContext();
      const page = await context.newPage();
      const offer = (await page.evaluate(`(async () => {
        const canvas = document.body.appendChild(Object.assign(document.createElement('canvas'), { width: 640, height: 360 }));
        const pen = canvas.getContext('2d');
        let at = 0;
        setInterval(() => {
          pen.fillStyle = 'navy'; pen.fillRect(0, 0, 640, 360);
          pen.fillStyle = 'white'; pen.fillRect((at += 7) % 640, 100, 80, 80);
        }, 66);
        window.peer = new RTCPeerConnection();
        const [track] = canvas.captureStream(15).getVideoTracks();
        track.contentHint = 'detail';
        peer.addTransceiver(track, { direction: 'sendonly' });
        await peer.setLocalDescription();
        return peer.localDescription.sdp;
      })()`)) as string;
      return {
        offer,
        take: (sdp) => page.evaluate(`peer.setRemoteDescription(${JSON.stringify({ type: 'answer', sdp })})`),
        close: () => context.close(),
      };
    }

    test('a browser pushes with the key of its camera, and is seen', async () => {
      const key = makeKey();
      stand.add({ id: 'browser', source: { kind: 'push', protocol: 'whip', key } });
      const leave = await stand.watch('browser');
      await stand.statusUntil('browser', ({ reason }) => reason?.includes('等待推流') === true);
      const page = await sender();
      expect((await post('browser', makeKey(), page.offer)).status).toBe(401);
      expect((await post('pushed', key, page.offer)).status).toBe(401);
      expect((await post('browser', key, 'v=0')).status).toBe(400);
      const { status, place, sdp } = await post('browser', key, page.offer);
      expect({ status, sdp: sdp.slice(0, 5) }).toEqual({ status: 201, sdp: 'v=0\r\n' });
      await page.take(sdp);
      expect(await stand.statusUntil('browser', live)).toMatchObject({ mode: 'copy', codec: 'h264' });
      await until(
        () => fetch(`${stand.media.url}/still/browser?ticket=${signTicketFor(ZHUOZHOU)}`),
        (answer) => answer.status === 200,
        20_000,
      );
      const end = (bearer: string) =>
        fetch(`${stand.media.url}${place}`, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${bearer}` },
        });
      expect((await end(makeKey())).status).toBe(401);
      expect((await end(key)).status).toBe(200);
      await stand.statusUntil('browser', ({ reason }) => reason?.includes('等待推流') === true);
      await page.close();

      const again = await sender();
      await again.take((await post('browser', key, again.offer)).sdp);
      await stand.statusUntil('browser', live);
      // Gone without a word: the page is closed.
      await again.close();
      await stand.statusUntil('browser', ({ reason }) => reason?.includes('等待推流') === true);
      leave();
      expect(stand.media.log()).not.toContain(key);
    }, 120_000);
  });
});
