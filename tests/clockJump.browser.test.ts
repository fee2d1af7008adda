import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordingPlanSchema } from '@mingjing/contracts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { CITY, ffmpegsOf, startMediaStand, ticketKey, type MediaStand } from './helpers/media-host.ts';
import { openMediaPage, signTicket, type MediaPage } from './helpers/media-page.ts';
import type { RtspServer } from './helpers/rtsp.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;
const HOUR_S = 3_600;
const DAY_MS = 86_400_000;

let folder: string;
let stand: MediaStand;
let camera: RtspServer;
let chromium: TestBrowser;
let page: MediaPage;

/** Sets the clock of the media host and of all that it has started, so many seconds beside the real one. */
function setClock(seconds: number): void {
  writeFileSync(path.join(folder, 'clock'), `${seconds < 0 ? '' : '+'}${seconds}\n`);
}

/** When the recorded segments of the camera begin, ms since the epoch. */
function segments(): number[] {
  const files = readdirSync(stand.media.dataDir, { recursive: true, encoding: 'utf8' });
  return files.flatMap((file) => {
    const started = /(\d{13})[^/]*\.mp4$/.exec(file)?.[1];
    return started === undefined ? [] : [Number(started)];
  });
}
/** Waits until segments were recorded that say so many hours from now, within half an hour. */
const recordedAt = (hours: number) =>
  until(
    segments,
    (starts) => starts.some((start) => Math.abs(start - Date.now() - hours * 3_600_000) < 1_800_000),
    45_000,
  );

describe('the clock of a media host is set while it works', () => {
  beforeAll(async () => {
    if (!existsSync(LIBRARY)) throw new Error('faketime is not installed; npm test installs it');
    folder = mkdtempSync(path.join(tmpdir(), 'mingjing-clock-'));
    setClock(0);
    [stand, chromium] = await Promise.all([
      startMediaStand({
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: path.join(folder, 'clock'),
        FAKETIME_NO_CACHE: '1',
        // As a real clock that is set: what measures how long something lasts goes on.
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      }),
      startBrowser({ width: 800, height: 600 }),
    ]);
    camera = await stand.rtsp({ kind: 'pattern' });
    const recording = recordingPlanSchema.parse({ mode: 'continuous' });
    stand.add({ id: 'hall', source: { kind: 'rtsp', url: camera.url }, recording });
    const expiresAt = Date.now() + DAY_MS;
    page = await openMediaPage(chromium.browser, stand.site, {
      ...{ url: stand.media.url, ticket: signTicket(ticketKey, CITY, expiresAt), expiresAt },
    });
    await page.watch('hall');
    await page.advances('hall');
  }, 60_000);

  afterAll(async () => {
    await chromium.close();
    await stand.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  test('an hour ahead, and back: pictures and recordings go on, and nothing is begun anew', async () => {
    const pulls = ffmpegsOf(stand.media);
    const states = (await page.tile('hall')).states.length;
    await recordedAt(0);
    setClock(HOUR_S);
    await page.advances('hall', 60);
    await recordedAt(1);
    setClock(0);
    await page.advances('hall', 60);
    const before = segments().length;
    await until(segments, (starts) => starts.length > before + 1, 45_000);
    expect(ffmpegsOf(stand.media)).toEqual(pulls);
    expect((await page.tile('hall')).states.slice(states)).toEqual([]);
  }, 150_000);

  test('an hour back: a picture that stands still is noticed all the same', async () => {
    setClock(-HOUR_S);
    await page.advances('hall', 20);
    process.kill(camera.pid, 'SIGSTOP');
    try {
      await stand.statusUntil('hall', ({ state }) => state === 'frozen');
    } finally {
      process.kill(camera.pid, 'SIGCONT');
    }
    await stand.statusUntil('hall', ({ state }) => state === 'live');
    await page.advances('hall', 20);
  }, 90_000);
});
