import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { SMALL_CITY } from './helpers/city.ts';
import { caseEvent, daysAgo, freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { startRtsp, type RtspServer } from './helpers/rtsp.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const RED_ALERT = '[data-testid="alert"][data-kind="red"]';
const RED_FIGURE = '[data-figure="red"] .number';
const VIDEO = '[data-testid="camera-tile"][data-camera="zz-camera"] video';
const BANNER = '[data-testid="connection-banner"]';

/** What the tile's video has shown: seconds played and frames drawn. */
interface Shown {
  seconds: number;
  frames: number;
}

let centre: Installation;
let media: RunningProcess;
let camera: RtspServer;
let chromium: TestBrowser;
let wall: WallPage;

/** A case whose one working day was over long ago. */
function overdueCase(caseNo: string) {
  return caseEvent('case.accepted', daysAgo(40), {
    ...{ caseNo, department: 'zz-housing', hall: 'zz-hall', counter: 'zz-1', title: `施工许可 ${caseNo}` },
    limit: { budget: { workingDays: 1 } },
  });
}

async function shown(): Promise<Shown> {
  return (await wall.page.evaluate(
    `(() => {
      const video = document.querySelector(${JSON.stringify(VIDEO)});
      return { seconds: video?.currentTime ?? 0, frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0 };
    })()`,
  )) as Shown;
}

describe('the wall in Chromium', () => {
  beforeAll(async () => {
    await builtPages();
    const port = await freePort();
    camera = await startRtsp({ kind: 'pattern' });
    const [zz, dz] = SMALL_CITY.cameras;
    const plan = {
      ...SMALL_CITY,
      cameras: [{ ...zz!, source: { kind: 'rtsp' as const, url: camera.url } }, dz!],
    };
    centre = await openInstallation({
      plan,
      env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` },
    });
    media = await startMedia({
      centreUrl: centre.url,
      token: centre.tokens['media']!,
      ticketKey: centre.secrets.ticketKey,
      env: { MINGJING_MEDIA_PORT: String(port) },
    });
    chromium = await startBrowser();
    wall = await openWallPage(chromium.browser, `${centre.url}/`, 'zz-inspector');
  }, 180_000);

  afterAll(async () => {
    await chromium.close();
    await media.stop();
    await camera.stop();
    await centre.close();
  }, 60_000);

  test('shows a red card by itself as soon as an overdue case is handed in', async () => {
    await wall.textsUntil(RED_FIGURE, ([number]) => number === '0');
    expect(await wall.texts(RED_ALERT)).toEqual([]);
    const loaded = await wall.page.evaluate('performance.timeOrigin');

    const answer = await centre.post('zz-approval', [overdueCase('红-1')]);
    expect(answer).toMatchObject({ stored: 1, rejected: 0 });

    const [alert] = await wall.textsUntil(RED_ALERT, (alerts) => alerts.length === 1);
    expect(alert).toContain('涿州市住建局');
    await wall.textsUntil(RED_FIGURE, ([number]) => number === '1');
    expect(await wall.page.evaluate('performance.timeOrigin')).toBe(loaded);
    expect(wall.troubles()).toEqual([]);
  }, 90_000);

  test('plays an RTSP camera in its tile', async () => {
    const before = await until(shown, ({ frames }) => frames > 0, 60_000);
    const after = await until(
      shown,
      ({ frames, seconds }) => frames >= before.frames + 30 && seconds > before.seconds + 1,
      60_000,
    );
    expect(after.frames).toBeGreaterThan(before.frames);
    expect(wall.troubles()).toEqual([]);
  }, 150_000);

  test('says so when the centre is gone, and follows again when it is back', async () => {
    await centre.killCentre();
    await wall.textsUntil(BANNER, (banners) => banners.length === 1);
    // What was shown stays.
    expect(await wall.texts(RED_ALERT)).toHaveLength(1);
    await centre.restartCentre();
    await wall.textsUntil(BANNER, (banners) => banners.length === 0);
    await centre.post('zz-approval', [overdueCase('红-2')]);
    await wall.textsUntil(RED_ALERT, (alerts) => alerts.length === 2);
    await wall.textsUntil(RED_FIGURE, ([number]) => number === '2');
    // A browser tells of each connection that could not be made; nothing else may have gone wrong.
    for (const trouble of wall.troubles()) expect(trouble).toMatch(/ERR_CONNECTION_(REFUSED|RESET)/);
  }, 120_000);

  test('asks nobody but the centre and the media host', () => {
    expect([...wall.hosts()].sort()).toEqual([centre.url, media.url].map((url) => new URL(url).host).sort());
  });
});
