import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'puppeteer';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { CITY, signTicketFor, startMediaStand, ticketKey, type MediaStand } from './helpers/media-host.ts';
import { openMediaPage, signTicket, type MediaPage } from './helpers/media-page.ts';

failOnLeaks();

/** A network that lets no packet of WebRTC through: no candidate of the media host is heard of while it is blocked. */
const BLOCK_WEBRTC = `(() => {
  window.webRtcBlocked = true;
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    setRemoteDescription(description) {
      const sdp = window.webRtcBlocked ? description.sdp.replace(/^a=candidate:.*\\r\\n/gm, '') : description.sdp;
      return super.setRemoteDescription({ type: description.type, sdp });
    }
  };
})()`;

let stand: MediaStand;
let chromium: TestBrowser;

function open(prepare?: (page: Page) => Promise<unknown>): Promise<MediaPage> {
  const ticket = { url: stand.media.url, ticket: signTicketFor(CITY), expiresAt: Date.now() + 3_600_000 };
  return openMediaPage(chromium.browser, stand.site, ticket, prepare);
}
const blocked = (page: Page) => page.evaluateOnNewDocument(BLOCK_WEBRTC);

describe('how a picture reaches a tile', () => {
  beforeAll(async () => {
    [stand, chromium] = await Promise.all([startMediaStand(), startBrowser({ width: 800, height: 600 })]);
    const { url } = await stand.rtsp(
      { kind: 'pattern', width: 1280, height: 720, gop: 60 },
      { sub: { kind: 'pattern', width: 320, height: 180, gop: 60 } },
    );
    const sub = { kind: 'rtsp' as const, url: url.replace(/cam$/, 'sub') };
    stand.add({ id: 'hall', source: { kind: 'rtsp', url }, sub });
  }, 60_000);

  afterAll(async () => {
    await chromium.close();
    await stand.stop();
  }, 30_000);

  test('where WebRTC does not pass a film carries the picture, by itself; WebRTC takes over when it passes again', async () => {
    const page = await open(blocked);
    await page.watch('hall', 'sub');
    const shown = await page.tileUntil('hall', ({ frames }) => frames > 10);
    expect(shown.carriedBy).toEqual(['webrtc', 'film']);
    expect(shown).toMatchObject({ width: 320, height: 180 });
    await page.advances('hall', 30);
    const figures = await page.figures('hall');
    expect(figures).toMatchObject({ carriedBy: 'film', quality: 'sub' });
    expect(figures?.delay).toBeGreaterThan(0);

    await page.showIn('hall', 'main');
    const large = await page.tileUntil('hall', ({ width }) => width === 1280);
    expect(large.widths).toEqual([320, 1280]);
    await page.advances('hall', 10);

    await page.hide('hall');
    await stand.statusUntil('hall', ({ state }) => state === 'idle');

    await page.page.evaluate(`window.webRtcBlocked = false`);
    await page.page.evaluate(`window.showCamera('hall')`);
    await page.advances('hall', 10);
    await page.page.evaluate(`window.dispatchEvent(new Event('online'))`);
    await page.tileUntil('hall', ({ carriedBy }) => carriedBy.at(-1) === 'webrtc');
    await page.advances('hall', 10);
    await page.close();
    await stand.statusUntil('hall', ({ state }) => state === 'idle');
  }, 120_000);

  test('a film comes back with its source, and ends with the session of whoever watches', async () => {
    const camera = await stand.rtsp({ kind: 'pattern' });
    stand.add({ id: 'returns', source: { kind: 'rtsp', url: camera.url } });
    const session = 'e'.repeat(64);
    const expiresAt = Date.now() + 3_600_000;
    const ticket = signTicket(ticketKey, CITY, expiresAt, session);
    const page = await openMediaPage(
      chromium.browser,
      stand.site,
      { url: stand.media.url, ticket, expiresAt },
      blocked,
    );
    await page.watch('returns');
    await page.tileUntil('returns', ({ carriedBy, frames }) => carriedBy.at(-1) === 'film' && frames > 10);
    await camera.kill9();
    await stand.statusUntil('returns', ({ state }) => state !== 'live');
    await stand.rtsp({ kind: 'pattern' }, { port: Number(new URL(camera.url).port) });
    await page.advances('returns', 20);

    stand.site.ended.add(session);
    await stand.statusUntil('returns', ({ viewers }) => viewers === 0);
    const { frames } = await page.tileUntil('returns', ({ troubles }) => troubles.length > 0);
    await stand.statusUntil('returns', ({ state }) => state === 'idle');
    expect((await page.tile('returns')).frames).toBeLessThan(frames + 30);
    await page.close();
  }, 120_000);

  test('a film is refused as a picture is: another region, a name that is taken, nonsense', async () => {
    stand.add({ id: 'elsewhere', region: '130602', source: { kind: 'generated', label: 'x', pattern: 1 } });
    const viewer = await stand.connect('130681');
    try {
      expect(await viewer.ask('film', { film: 'a', camera: 'elsewhere' })).toEqual({
        ok: false,
        reason: expect.stringContaining('no such camera in your region') as unknown as string,
      });
      expect(await viewer.ask('film', { film: 'a', camera: 'hall', and: 1 })).toMatchObject({ ok: false });
      expect(await viewer.ask('film', { film: 'a', camera: 'hall' })).toMatchObject({ ok: true });
      expect(await viewer.ask('film', { film: 'a', camera: 'hall' })).toMatchObject({ ok: false });
      expect(await viewer.ask('unwatch', { film: 'a' })).toMatchObject({ ok: true });
    } finally {
      viewer.close();
    }
  }, 60_000);

  test('where it does pass, the size of a tile chooses the stream, and the picture changes without a break', async () => {
    const page = await open();
    await page.watch('hall', 'sub');
    await page.advances('hall', 10);
    await page.page.evaluate(`window.lookForGaps('hall')`);
    await page.showIn('hall', 'main');
    await page.tileUntil('hall', ({ width }) => width === 1280);
    await page.advances('hall', 10);
    await page.showIn('hall', 'sub');
    const back = await page.tileUntil('hall', ({ width, widths }) => width === 320 && widths.length > 1);
    expect(back.widths).toEqual([320, 1280, 320]);
    expect(await page.page.evaluate(`window.gapsSeen`)).toEqual([]);
    await stand.statusUntil('hall', ({ viewers }) => viewers === 0);
    await page.close();
  }, 120_000);
});
