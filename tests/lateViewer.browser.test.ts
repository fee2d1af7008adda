import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { CITY, signTicketFor, startMediaStand, type MediaStand } from './helpers/media-host.ts';
import { openMediaPage, type MediaPage } from './helpers/media-page.ts';

failOnLeaks();

let stand: MediaStand;
let chromium: TestBrowser;

function open(): Promise<MediaPage> {
  const ticket = { url: stand.media.url, ticket: signTicketFor(CITY), expiresAt: Date.now() + 3_600_000 };
  return openMediaPage(chromium.browser, stand.site, ticket);
}

// The leak check has hooks of its own around those of the group.
describe('a camera whose next key frame is far away', () => {
  beforeAll(async () => {
    [stand, chromium] = await Promise.all([startMediaStand(), startBrowser({ width: 800, height: 600 })]);
  }, 60_000);

  afterAll(async () => {
    await chromium.close();
    await stand.stop();
  }, 30_000);

  test('moves for a late viewer at once, whole, and is handed over without a break', async () => {
    const { url } = await stand.rtsp({ kind: 'pattern', gop: 300 });
    stand.add({ id: 'far', source: { kind: 'rtsp', url } });
    const first = await open();
    await first.watch('far');
    await first.advances('far', 20);
    const late = await open();
    await late.watch('far');
    const { tracks } = await late.tileUntil('far', ({ frames }) => frames >= 15);
    // Twenty seconds lie between key frames: none has come since.
    expect(tracks).toHaveLength(1);
    // A white ball on black: a picture that lacks a part is green there.
    for (const page of [first, late]) {
      const [red, green, blue] = await page.corner('far');
      expect(Math.abs(green! - red!) + Math.abs(green! - blue!)).toBeLessThan(30);
    }
    const handed = await late.tileUntil('far', (tile) => tile.tracks.length === 2);
    await late.advances('far', 20);
    expect(handed.tracks[1]!.from).toBeGreaterThan(15);
    await Promise.all([first.close(), late.close()]);
  }, 120_000);
});
