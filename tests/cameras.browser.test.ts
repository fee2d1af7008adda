import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { SMALL_CITY } from './helpers/city.ts';
import { freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startOnvif, type OnvifCamera } from './helpers/onvif.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { startPublisher } from './helpers/publisher.ts';
import { startRtsp, type RtspServer } from './helpers/rtsp.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const SIGN_IN = { username: 'operator', password: 'Guan-2026' };
const FINDINGS = `
  axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`;

let centre: Installation;
let media: RunningProcess;
let rtsp: RtspServer;
let onvif: OnvifCamera;
let chromium: TestBrowser;
let desk: WallPage;

async function findings(): Promise<string[]> {
  await desk.page.evaluate(axe.source);
  return (await desk.page.evaluate(FINDINGS)) as string[];
}
const testId = (id: string) => `[data-testid="${id}"]`;

describe('cameras on the page of administrators', () => {
  beforeAll(async () => {
    await builtPages();
    rtsp = await startRtsp({ kind: 'pattern' }, { user: SIGN_IN.username, password: SIGN_IN.password });
    onvif = await startOnvif({ main: rtsp.url, sub: rtsp.url, ...SIGN_IN });
    const port = await freePort();
    const rtmpPort = String(await freePort());
    centre = await openInstallation({
      plan: { ...SMALL_CITY, cameras: [] },
      env: {
        MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}`,
        MINGJING_CENTRE_RTMP_PUBLIC_URL: `rtmp://127.0.0.1:${rtmpPort}/live`,
      },
    });
    media = await startMedia({
      ...{ centreUrl: centre.url, token: centre.tokens['media']!, ticketKey: centre.secrets.ticketKey },
      env: {
        MINGJING_MEDIA_PORT: String(port),
        MINGJING_MEDIA_RTMP_PORT: rtmpPort,
        MINGJING_MEDIA_DISCOVERY_TARGETS: onvif.discovery,
      },
    });
    chromium = await startBrowser({ width: 1366, height: 900 });
    desk = await openWallPage(chromium.browser, centre.url, 'zz-admin');
  }, 240_000);

  afterAll(async () => {
    await desk.close();
    await chromium.close();
    await media.stop();
    await centre.close();
    await onvif.close();
    await rtsp.stop();
  }, 60_000);

  test('one is found, tried, added, taken out of use and put back', async () => {
    const { page } = desk;
    await page.goto(`${centre.url}/administration?tab=cameras`);
    await page.waitForSelector(testId('search-cameras'));
    expect(await findings()).toEqual([]);
    await page.click(testId('search-cameras'));
    await page.type('input[name="camera-user"]', SIGN_IN.username);
    await page.type('input[name="camera-password"]', SIGN_IN.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${testId('camera-search')} li button:not([disabled])`);
    expect(await findings()).toEqual([]);
    await page.click(`${testId('camera-search')} li button`);
    await page.waitForSelector('input[name="id"]');
    await page.type('input[name="id"]', 'found-1');
    await page.click(testId('test-camera'));
    await page.waitForSelector(`${testId('camera-test')} img`);
    expect((await desk.texts(testId('camera-test')))[0]).toMatch(
      /h264 640×360.*浏览器直接播放主码流.*可控云台/s,
    );
    expect(await findings()).toEqual([]);
    await page.click('dialog button[type="submit"]');
    const row = `${testId('camera-row')}[data-camera="found-1"]`;
    await page.waitForSelector(row);
    await page.waitForFunction(`document.querySelector('${row} img')?.naturalWidth > 0`);
    expect(await page.content()).not.toContain(SIGN_IN.password);
    await page.click(`${row} button:nth-of-type(2)`);
    await page.waitForSelector(testId('undo'));
    expect((await desk.texts(row))[0]).toContain('已停用');
    await page.click(testId('undo'));
    await desk.textsUntil(row, ([text]) => text !== undefined && !text.includes('已停用'));
    expect(await findings()).toEqual([]);
  }, 120_000);

  test('one that pushes is told where and with which key, once, and is seen when it does', async () => {
    const { page } = desk;
    await page.goto(`${centre.url}/administration?tab=cameras`);
    await page.waitForSelector(testId('add-camera'));
    await page.click(testId('add-camera'));
    await page.type('input[name="id"]', 'pushed-1');
    await page.type('input[name="name"]', '门口推流');
    await page.select('select[name="way"]', 'rtmp');
    await page.waitForSelector(testId('push-hint'));
    expect(await findings()).toEqual([]);
    await page.click('dialog button[type="submit"]');
    await page.waitForSelector(`${testId('push-main')} input`);
    expect(await findings()).toEqual([]);
    const key = await page.$eval(
      `${testId('push-main')} input`,
      (input) => (input as unknown as { value: string }).value,
    );
    const [said = ''] = await desk.texts(testId('push-main'));
    const address = /rtmp:\/\/\S+/.exec(said)?.[0] ?? '';
    const publisher = startPublisher(`${address}/${key}`);
    try {
      await page.click('dialog .done button');
      const row = `${testId('camera-row')}[data-camera="pushed-1"]`;
      await page.waitForSelector(row);
      const look = `fetch(document.querySelector('${row} img')?.src ?? '').then(({ status }) => status === 200, () => false)`;
      await page.waitForFunction(look, { timeout: 60_000, polling: 1000 });
      expect(await page.content()).not.toContain(key);
      await page.click(`${row} [data-testid="edit-camera"]`);
      await page.waitForSelector('input[name="renewKeys"]');
      expect(
        await page.$eval('select[name="way"]', (select) => (select as unknown as { value: string }).value),
      ).toBe('rtmp');
      expect(await page.content()).not.toContain(key);
      await page.click('input[name="renewKeys"]');
      await page.click('dialog button[type="submit"]');
      await page.waitForSelector(`${testId('push-main')} input`);
      // With a new one, whoever pushes with the old one is sent away.
      await publisher.ended;
    } finally {
      await publisher.stop();
    }
  }, 120_000);
});
