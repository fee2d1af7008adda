import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { freePort } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { CITY, signTicketFor, startMediaStand, type MediaStand } from './helpers/media-host.ts';
import { openMediaPage } from './helpers/media-page.ts';
import { startPublisher } from './helpers/publisher.ts';

failOnLeaks();

const FPS = 15;
/** What films are made with: three seconds with one key frame, at their beginning, unless they say otherwise. */
const FILMS: Record<string, string[]> = {
  'high.mp4': ['-profile:v', 'high'],
  'baseline.flv': ['-profile:v', 'baseline'],
  'main.mkv': ['-profile:v', 'main'],
  'slices.mp4': ['-x264-params', 'slices=4'],
  'interlaced.mp4': ['-flags', '+ildct+ilme', '-x264-params', 'tff=1'],
  // Neither of these counts the bytes of a unit.
  'transport.ts': ['-g', String(FPS)],
  'bare.h264': ['-g', String(FPS)],
};

let folder: string;
let stand: MediaStand;
let chromium: TestBrowser;
let rtmp: string;

function makeFilm(name: string, options: readonly string[]): void {
  const picture = ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${FPS}:d=3`];
  const made = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', '999', ...options];
  execFileSync('ffmpeg', ['-v', 'error', ...picture, ...made, path.join(folder, name)]);
}

/** Watches a camera in a page of its own until so many frames were drawn. @returns how they came */
async function seen(camera: string, frames: number) {
  const ticket = { url: stand.media.url, ticket: signTicketFor(CITY), expiresAt: Date.now() + 3_600_000 };
  const page = await openMediaPage(chromium.browser, stand.site, ticket);
  await page.watch(camera);
  await page.advances(camera, frames);
  const { carriedBy, width, status } = await page.tile(camera);
  await page.close();
  return { carriedBy, width, mode: status?.mode };
}

describe('what is no RTSP is passed on as it is, and moves in a browser by WebRTC', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mingjing-films-'));
    for (const [name, options] of Object.entries(FILMS)) makeFilm(name, options);
    const port = await freePort();
    rtmp = `rtmp://127.0.0.1:${port}/live`;
    [stand, chromium] = await Promise.all([
      startMediaStand({ MINGJING_MEDIA_FILMS_DIR: folder, MINGJING_MEDIA_RTMP_PORT: String(port) }),
      startBrowser({ width: 800, height: 600 }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await chromium.close();
    await stand.stop();
    rmSync(folder, { recursive: true });
  }, 30_000);

  test.each(Object.keys(FILMS))(
    'a film: %s, also when it begins again',
    async (name) => {
      stand.add({ id: name, source: { kind: 'file', path: name } });
      // More than one round.
      expect(await seen(name, 4 * FPS)).toEqual({ carriedBy: ['webrtc'], width: 320, mode: 'copy' });
    },
    60_000,
  );

  test('what an encoder pushes by RTMP', async () => {
    const key = randomBytes(24).toString('base64url');
    stand.add({ id: 'pushed', source: { kind: 'push', protocol: 'rtmp', key } });
    const publisher = startPublisher(`${rtmp}/${key}`, { size: '320x180' });
    try {
      expect(await seen('pushed', 2 * FPS)).toEqual({ carriedBy: ['webrtc'], width: 320, mode: 'copy' });
    } finally {
      await publisher.stop();
    }
  }, 60_000);
});
