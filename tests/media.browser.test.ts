import { execFileSync, spawn } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { Camera, StreamStatus } from '@mingjing/contracts';
import { findWorker } from '../scripts/runtime/mediasoup/install.ts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { childrenOf } from './bench/video/cpu.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { openMediaPage, signTicket, startMediaSite } from './helpers/media-page.ts';
import type { MediaPage, MediaSite } from './helpers/media-page.ts';
import { CITY, ticketKey, TOKEN, ZHUOZHOU } from './helpers/media-host.ts';
import { startMedia } from './helpers/processes.ts';
import type { RunningProcess } from './helpers/processes.ts';
import { startRtsp, type RtspServer } from './helpers/rtsp.ts';
import { until } from './helpers/until.ts';

const DINGZHOU = '130682';
/** Real footage; a pattern takes its place where the data is absent. */
const STREET = path.resolve(PROJECT_DIR, '../shared/data/video/intel_car-detection.mp4');

const HOST = {
  MINGJING_MEDIA_WORKERS: '2',
  MINGJING_MEDIA_IDLE_SECONDS: '1',
  MINGJING_MEDIA_REFRESH_MS: '500',
};

let site: MediaSite;
let media: RunningProcess;
let chromium: TestBrowser;
const servers: RtspServer[] = [];
const pages: MediaPage[] = [];

async function startHost(env: Record<string, string> = {}): Promise<RunningProcess> {
  return startMedia({
    centreUrl: site.url,
    token: TOKEN,
    ticketKey,
    env: { ...HOST, ...env },
  });
}

function add(id: string, source: Camera['source'], region = ZHUOZHOU): void {
  site.cameras.push({ id, name: id, region, hall: null, counter: null, source });
}

async function rtsp(...[picture, options]: Parameters<typeof startRtsp>): Promise<RtspServer> {
  const server = await startRtsp(picture, options);
  servers.push(server);
  return server;
}

async function open(region: string, host = media): Promise<MediaPage> {
  const expiresAt = Date.now() + 3_600_000;
  const ticket = { url: host.url, ticket: signTicket(ticketKey, region, expiresAt), expiresAt };
  pages.push(await openMediaPage(chromium.browser, site, ticket));
  return pages.at(-1)!;
}

async function statusOf(camera: string, host = media): Promise<StreamStatus | undefined> {
  const answer = await fetch(`${host.url}/streams`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return ((await answer.json()) as StreamStatus[]).find((status) => status.camera === camera);
}

// The leak check has hooks of its own around those of the group.
failOnLeaks();

describe('the media host', () => {
  beforeAll(async () => {
    site = await startMediaSite(TOKEN);
    [media, chromium] = await Promise.all([startHost(), startBrowser({ width: 800, height: 600 })]);
  }, 60_000);

  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });

  afterAll(async () => {
    await chromium.close();
    await media.stop();
    await Promise.all(servers.map((server) => server.stop()));
    await site.close();
  }, 30_000);

  describe('an RTSP camera', () => {
    test('moves in the browser as the camera sent it, for the first viewer and for a late one', async () => {
      const footage = existsSync(STREET) ? ({ kind: 'file', file: STREET } as const) : undefined;
      const { url } = await rtsp(footage);
      add('street', { kind: 'rtsp', url: url.replace('rtsp://', 'rtsp://admin:s3cret@') });
      const first = await open(CITY);
      await first.watch('street');
      await first.advances('street', 30);
      // Every user of the machine may read what stands on a command line.
      const commands = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
      expect(commands).toContain('-f concat -safe 0');
      expect(commands).not.toContain('s3cret');
      const { width, height, status } = await first.tile('street');
      expect(status).toMatchObject({
        camera: 'street',
        state: 'live',
        mode: 'copy',
        codec: 'h264',
        width,
        height,
      });

      const late = await open(ZHUOZHOU);
      await late.watch('street');
      await late.advances('street');
      expect(await statusOf('street')).toMatchObject({ viewers: 2, attempt: 0 });
      const still = await fetch(`${media.url}/still/street?ticket=${signTicket(ticketKey, ZHUOZHOU)}`);
      expect(still.headers.get('content-type')).toBe('image/jpeg');
      expect(Date.parse(still.headers.get('last-modified') ?? '')).toBeGreaterThan(Date.now() - 60_000);
    }, 120_000);

    test('goes to sleep when nobody watches any more', async () => {
      const status = await until(
        () => statusOf('street'),
        (now) => now?.state === 'idle',
        20_000,
      );
      expect(status).toMatchObject({ viewers: 0, reason: null });
      const ffmpegs = () => childrenOf(media.pid).filter(({ name }) => name === 'ffmpeg');
      await until(ffmpegs, (left) => left.length === 0, 20_000);
    }, 30_000);

    test('that sends its parameter sets only in the session description is seen', async () => {
      add('nosps', { kind: 'rtsp', url: (await rtsp({ kind: 'pattern' }, { noParameterSets: true })).url });
      const page = await open(CITY);
      await page.watch('nosps');
      await page.advances('nosps');
    }, 60_000);

    test('with B-frames is encoded anew, and says so', async () => {
      add('bframes', { kind: 'rtsp', url: (await rtsp({ kind: 'pattern', bFrames: 2 })).url });
      const page = await open(CITY);
      await page.watch('bframes');
      await page.advances('bframes', 40);
      expect((await page.tile('bframes')).status).toMatchObject({ state: 'live', mode: 'transcode' });
    }, 60_000);

    test('that falls silent is retried, and is seen again when it is back', async () => {
      const camera = await rtsp({ kind: 'pattern' });
      add('weak', { kind: 'rtsp', url: camera.url });
      const page = await open(CITY);
      await page.watch('weak');
      await page.advances('weak');
      await camera.kill9();
      const lost = await page.tileUntil('weak', ({ status }) => status?.state === 'retrying');
      expect(lost.status?.retryAt).toBeGreaterThan(0);
      expect(lost.status?.reason).not.toContain('rtsp://');
      await rtsp({ kind: 'pattern' }, { port: Number(new URL(camera.url).port) });
      await page.advances('weak');
      expect((await page.tile('weak')).states).toEqual(
        expect.arrayContaining(['live', 'retrying', 'connecting']),
      );
      expect((await page.tile('weak')).status?.state).toBe('live');
    }, 120_000);

    test('that is not there says why, in words without its address', async () => {
      add('absent', { kind: 'rtsp', url: 'rtsp://admin:s3cret@127.0.0.1:9/none' });
      const page = await open(CITY);
      await page.watch('absent');
      const { status, troubles } = await page.tileUntil(
        'absent',
        (tile) => tile.status?.reason?.includes('connection refused') === true && tile.troubles.length > 0,
      );
      expect(JSON.stringify([status, troubles, media.log()])).not.toContain('s3cret');
    }, 60_000);
  });

  describe('who may watch', () => {
    test('a county does not see another county, by picture or by still', async () => {
      add('ours', { kind: 'generated', label: '定州市政务大厅 1号窗口', pattern: 3 }, DINGZHOU);
      add('theirs', { kind: 'generated', label: '涿州市政务大厅 1号窗口', pattern: 1 }, ZHUOZHOU);
      const page = await open(DINGZHOU);
      await page.watch('ours');
      await page.watch('theirs');
      await page.advances('ours');
      const refused = await page.tileUntil('theirs', ({ troubles }) => troubles.length > 0);
      expect(refused).toMatchObject({ frames: 0, states: [], status: null });
      expect(refused.troubles[0]).toContain('no such camera in your region');
      expect(await statusOf('theirs')).toMatchObject({ state: 'idle', viewers: 0 });

      const still = (camera: string, ticket: string) =>
        fetch(`${media.url}/still/${camera}?ticket=${ticket}`);
      const mine = signTicket(ticketKey, DINGZHOU);
      expect((await still('ours', mine)).status).toBe(200);
      expect((await still('theirs', mine)).status).toBe(404);
      expect((await still('ours', signTicket('another key of 32 characters or more', DINGZHOU))).status).toBe(
        401,
      );
      expect((await still('ours', signTicket(ticketKey, DINGZHOU, Date.now() - 1))).status).toBe(401);
      expect((await fetch(`${media.url}/streams`)).status).toBe(401);
    }, 60_000);

    test('whatever a client sends is answered with a reason; a page of another origin and an ended ticket are out', async () => {
      const connect = (origin?: string): Socket =>
        io(media.url, {
          path: '/sfu',
          transports: ['websocket'],
          reconnection: false,
          ...(origin === undefined ? {} : { extraHeaders: { origin } }),
        });
      const stranger = connect('http://elsewhere.example');
      await new Promise((resolve) => stranger.once('connect_error', resolve));

      const socket = connect();
      try {
        const ask = (event: string, request: unknown) =>
          socket.timeout(5000).emitWithAck(event, request) as Promise<{ ok: boolean; reason?: string }>;
        const camera = { camera: 'ours', transportId: 'x', rtpCapabilities: {} };
        const bad: [string, unknown][] = [
          ['hello', null],
          ['hello', { ticket: '💥.💥' }],
          ['hello', { ticket: signTicket(ticketKey, DINGZHOU), and: 'more' }],
          ['createTransport', {}],
          ['watch', camera],
          ['watch', { ...camera, camera: { $ne: '' } }],
          ['resume', { consumerId: 'x' }],
        ];
        for (const [event, request] of bad) {
          expect(await ask(event, request)).toEqual({
            ok: false,
            reason: expect.stringMatching(/./) as unknown as string,
          });
        }
        socket.emit('hello');
        socket.emit('unwatch', { camera: 'ours' });

        const ended = new Promise((resolve) => socket.once('disconnect', resolve));
        const short = signTicket(ticketKey, DINGZHOU, Date.now() + 6000);
        expect(await ask('hello', { ticket: short })).toMatchObject({ ok: true });
        expect(await ask('watch', camera)).toMatchObject({ ok: false, reason: 'no such transport: x' });
        const transport = (await ask('createTransport', {})) as unknown as { value: { id: string } };
        const wrong = { ...camera, transportId: transport.value.id, rtpCapabilities: { codecs: 'none' } };
        expect(await ask('watch', wrong)).toMatchObject({ ok: false });
        expect(await ask('renew', { ticket: signTicket(ticketKey, CITY) })).toMatchObject({ ok: false });
        expect(await ended).toBe('io server disconnect');
      } finally {
        socket.disconnect();
      }
    }, 30_000);
  });

  describe('when something breaks', () => {
    test('viewers come back after a worker has died', async () => {
      add('steady', { kind: 'generated', label: '雄县 2号窗口', pattern: 5 });
      const page = await open(CITY);
      await page.watch('steady');
      await page.advances('steady');
      const before = childrenOf(media.pid);
      for (const worker of before.filter(({ name }) => name.startsWith('mediasoup')))
        process.kill(worker.pid, 'SIGKILL');
      await until(
        () => childrenOf(media.pid),
        (now) => before.every(({ pid }) => now.every((child) => child.pid !== pid)),
        20_000,
      );
      await page.advances('steady');
    }, 90_000);

    test('before there is a worker the host serves stills and says so; it comes alive when there is one', async () => {
      const workerBin = path.join(media.dataDir, 'worker-to-come');
      const host = await startHost({ MINGJING_MEDIA_WORKER_BIN: workerBin });
      try {
        await until(
          () => statusOf('steady', host),
          (status) => status !== undefined,
          10_000,
        );
        const still = await fetch(`${host.url}/still/steady?ticket=${signTicket(ticketKey, CITY)}`);
        expect(still.headers.get('content-type')).toBe('image/jpeg');
        const page = await open(CITY, host);
        await page.watch('steady');
        expect((await page.tileUntil('steady', ({ troubles }) => troubles.length > 0)).troubles[0]).toContain(
          'being prepared',
        );
        symlinkSync(findWorker()!, workerBin);
        await page.advances('steady');
      } finally {
        await host.stop();
      }
    }, 90_000);

    test('no ffmpeg and no worker outlives a killed host', async () => {
      const host = spawn(process.execPath, [path.join(PROJECT_DIR, 'media/src/main.ts')], {
        env: {
          PATH: process.env['PATH'],
          MEDIASOUP_WORKER_BIN: findWorker(),
          MINGJING_MEDIA_PORT: '0',
          MINGJING_MEDIA_RTC_MIN_PORT: '0',
          MINGJING_MEDIA_WORKERS: '1',
          MINGJING_MEDIA_CENTRE_URL: site.url,
          MINGJING_MEDIA_TOKEN: TOKEN,
          MINGJING_MEDIA_TICKET_KEY: ticketKey,
          MINGJING_MEDIA_DATA_DIR: media.dataDir,
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [line] = (await host.stdout.setEncoding('utf8').take(1).toArray()) as [string];
      const { url } = JSON.parse(line) as { url: string };
      const page = await open(CITY, { ...media, url });
      await page.watch('steady');
      await page.advances('steady');
      const children = childrenOf(host.pid!);
      expect(children.map(({ name }) => name)).toEqual(expect.arrayContaining(['ffmpeg']));
      host.kill('SIGKILL');
      await until(
        () => children.filter(({ pid }) => existsSync(`/proc/${pid}`)),
        (alive) => alive.length === 0,
        15_000,
      );
    }, 90_000);
  });
});
