import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { CITY, signTicketFor, startMediaStand, type MediaStand } from './helpers/media-host.ts';
import { openMediaPage } from './helpers/media-page.ts';
import { startTurn, type TurnServer } from './helpers/turn.ts';

failOnLeaks();

let turn: TurnServer;
let stand: MediaStand;
let chromium: TestBrowser;

describe.each(['tcp', 'tls'] as const)('a network that lets through a TURN server only, over %s', (how) => {
  beforeAll(async () => {
    turn = await startTurn(how);
    [stand, chromium] = await Promise.all([
      startMediaStand({
        MINGJING_MEDIA_ICE_URLS: turn.url,
        MINGJING_MEDIA_TURN_SECRET: turn.secret,
        MINGJING_MEDIA_RELAY_ONLY: 'true',
      }),
      // The certificate is nobody's; TLS itself is real.
      startBrowser({ width: 800, height: 600 }, ['--ignore-certificate-errors']),
    ]);
  }, 60_000);

  afterAll(async () => {
    await chromium.close();
    await stand.stop();
    await turn.stop();
  }, 30_000);

  test('pictures come by WebRTC through it, with a name and password that the media host signed', async () => {
    const { url } = await stand.rtsp({ kind: 'pattern' });
    stand.add({ id: 'relayed', source: { kind: 'rtsp', url } });
    const ticket = { url: stand.media.url, ticket: signTicketFor(CITY), expiresAt: Date.now() + 3_600_000 };
    const page = await openMediaPage(chromium.browser, stand.site, ticket);
    await page.watch('relayed');
    await page.advances('relayed');
    expect((await page.tile('relayed')).carriedBy).toEqual(['webrtc']);
    expect(turn.log()).toMatch(/user <\d+:test>/);
    await page.close();
  }, 60_000);
});
