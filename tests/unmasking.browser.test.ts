import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cityPlanSchema, type Unmasking } from '@mingjing/contracts';
import { CHROMIUM, findProgram } from '../scripts/runtime/programs.ts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { SMALL_CITY } from './helpers/city.ts';
import { openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startCollectors, type RunningProcess } from './helpers/processes.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const WITHIN_MS = 40_000;
const TILE = '[data-testid="screen-tile"][data-screen="zz-screen"]';
const STRIP = `${TILE} [data-testid="unmask-strip"]`;
const UNMASKED = `${TILE} [data-testid="unmasked-picture"]`;
/** The counter's page draws red on a canvas, which is covered wherever the page is masked. */
const COUNTER = `<!doctype html><meta charset="utf-8"><body style="margin:0"><canvas id="c" width="1280" height="720"></canvas>
  <script>Object.assign(c.getContext('2d'), { fillStyle: '#ff0000' }).fillRect(0, 0, 1280, 720)</script>`;

/** What the middle of a picture is: red, or something else. */
const middleOf = (selector: string) => `(() => {
  const picture = document.querySelector('${selector}');
  if (!picture?.naturalWidth) return 'nothing';
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const brush = canvas.getContext('2d');
  brush.drawImage(picture, picture.naturalWidth / 2, picture.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
  const [r, g, b] = brush.getImageData(0, 0, 1, 1).data;
  return r > 200 && g < 60 && b < 60 ? 'red' : 'covered';
})()`;

let centre: Installation;
let counter: Server;
let collectors: RunningProcess;
let chromium: TestBrowser;
let asker: WallPage;
let second: WallPage;
let other: WallPage;

const press = async ({ page }: WallPage, key: 'u' | 'Enter') => {
  await page.focus(TILE);
  await page.keyboard.press(key);
};
const actsOf = ({ page }: WallPage) =>
  page.$$eval(`${STRIP} [data-act]`, (buttons) =>
    buttons.map((button) => (button as unknown as { dataset: { act: string } }).dataset.act),
  );
const shows = ({ page }: WallPage, selector: string, what: string) =>
  page.waitForFunction(`${middleOf(selector)} === '${what}'`);
/** How many pictures the collectors have brought. */
async function brought(masked: boolean): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM observation WHERE kind = 'screen.captured' AND data->>'masked' = $1`;
  return (await centre.pool.query<{ n: number }>(sql, [String(masked)])).rows[0]?.n ?? 0;
}
const audited = async () =>
  (
    await centre.pool.query<{ line: string }>(
      `SELECT DISTINCT actor || ' ' || action AS line FROM audit_log WHERE object = 'zz-screen' AND action LIKE 'screen.unmask%' ORDER BY 1`,
    )
  ).rows.map(({ line }) => line);

describe('a counter screen that the collectors open, seen unmasked from the wall', () => {
  beforeAll(async () => {
    await builtPages();
    counter = createServer((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(COUNTER);
    });
    await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(counter.address() as AddressInfo).port}/`;
    const region = '130681';
    const plan = cityPlanSchema.parse({
      ...{ ...SMALL_CITY, cameras: [] },
      screens: SMALL_CITY.screens
        .filter(({ id }) => id === 'zz-screen')
        .map((screen) => ({ ...screen, url })),
      users: [
        ...SMALL_CITY.users,
        { username: 'zz-supervisor', name: '郑明', role: 'supervisor', region },
        { username: 'zz-leader', name: '周正', role: 'leader', region },
      ],
      sources: [
        ...SMALL_CITY.sources,
        { id: 'collectors', name: '采集', kind: 'collectors', region, expectEverySeconds: 0 },
      ],
    });
    centre = await openInstallation({ plan, env: { MINGJING_CENTRE_UNMASK_NEEDS_APPROVAL: 'true' } });
    collectors = await startCollectors({
      ...{ centreUrl: centre.url, token: centre.tokens['collectors'] ?? '' },
      env: {
        MINGJING_COLLECTORS_CHROMIUM: findProgram(CHROMIUM) ?? '',
        MINGJING_COLLECTORS_KINDS: JSON.stringify([
          { kind: 'screen', everyMs: 500, unchangedEverySeconds: 1 },
        ]),
      },
    });
    chromium = await startBrowser({ width: 1366, height: 768 });
    asker = await openWallPage(chromium.browser, `${centre.url}/`, 'zz-inspector');
    second = await openWallPage(chromium.browser, `${centre.url}/`, 'zz-supervisor');
    other = await openWallPage(chromium.browser, `${centre.url}/`, 'inspector');
    for (const wall of [asker, second, other]) await shows(wall, `${TILE} img`, 'covered');
  }, 240_000);

  afterAll(async () => {
    await chromium.close();
    await collectors.stop();
    await centre.close();
    await new Promise((resolve) => counter.close(resolve).closeAllConnections());
  }, 60_000);

  test('is asked for by a key, with a reason, and waits for a second person', async () => {
    await press(asker, 'u');
    await asker.page.waitForSelector('dialog input[name="reason"]');
    await asker.page.type('dialog input[name="reason"]', '核对录入的材料');
    await asker.page.keyboard.press('Enter');
    for (const wall of [asker, second, other])
      await wall.textsUntil(STRIP, ([said]) => said?.includes('zz-inspector 申请查看未遮盖画面') === true);
    await second.page.waitForSelector(`${STRIP} [data-act="approve"]`);
    await asker.page.waitForSelector(`${STRIP} [data-act="end"]`);
    expect(await actsOf(asker)).toEqual(['end']);
    expect(await brought(false)).toBe(0);
  }, 90_000);

  test('shows itself to who asked and who agreed; all others see who may, until when, and the masked one', async () => {
    // By keys alone: U leads to what can be done here.
    await press(second, 'u');
    await second.page.keyboard.press('Enter');
    for (const wall of [asker, second, other])
      await wall.textsUntil(
        STRIP,
        ([said]) => said !== undefined && /未遮盖.*zz-inspector 可查看，至 \d\d:\d\d:\d\d/s.test(said),
      );
    for (const wall of [asker, second]) {
      await wall.page.waitForSelector(`${STRIP} [data-act="view"]`);
      await wall.page.click(`${STRIP} [data-act="view"]`);
      await shows(wall, UNMASKED, 'red');
      expect(await wall.texts(`${TILE} .state`)).toEqual(['未遮盖']);
    }
    expect((await other.texts(`${TILE} .state`))[0]).toContain('已脱敏');
    expect(await actsOf(other)).toEqual(['ask']);
    expect(await other.page.$$(UNMASKED)).toEqual([]);
    await shows(other, `${TILE} img`, 'covered');
    // Masked pictures go on beside the unmasked ones, and are what stays beneath.
    const before = await brought(true);
    await until(
      () => brought(true),
      (now) => now > before,
      WITHIN_MS,
    );
    await shows(asker, `${TILE} img`, 'covered');
    const leader = await openWallPage(chromium.browser, `${centre.url}/`, 'zz-leader');
    await leader.page.waitForSelector(`${STRIP} [data-act="end"]`);
    expect(await actsOf(leader)).toEqual(['end']);
    await leader.close();
  }, 120_000);

  test('is ended from the tile: for everybody at once, and nothing unmasked is taken any more', async () => {
    await asker.page.click(`${STRIP} [data-act="end"]`);
    for (const wall of [asker, second, other])
      await wall.page.waitForFunction(`!document.querySelector('${STRIP}')`);
    for (const wall of [asker, second]) expect(await wall.page.$$(UNMASKED)).toEqual([]);
    await until(
      () => collectors.log(),
      (said) => said.includes('masked again'),
      WITHIN_MS,
    );
    const [unmasked, masked] = [await brought(false), await brought(true)];
    await until(
      () => brought(true),
      (now) => now > masked + 2,
      WITHIN_MS,
    );
    expect(await brought(false)).toBe(unmasked);
    expect(await audited()).toEqual([
      'zz-inspector screen.unmask-asked',
      'zz-inspector screen.unmask-ended',
      'zz-inspector screen.unmasked-seen',
      'zz-supervisor screen.unmask-approved',
      'zz-supervisor screen.unmasked-seen',
    ]);
    for (const wall of [asker, second, other])
      expect(wall.troubles().filter((said) => !/\/unmaskings\/\d+\/image|ERR_CONNECTION/.test(said))).toEqual(
        [],
      );
  }, 120_000);

  test('ends by itself when its time is over', async () => {
    const cookie = await centre.signIn('zz-inspector');
    const body = { reason: '再次核对', minutes: 1 };
    const asked = (await centre.call('POST /api/screens/zz-screen/unmask', { cookie, body }))
      .body as Unmasking;
    const agree = { cookie: await centre.signIn('zz-supervisor'), body: {} };
    expect((await centre.call(`POST /api/unmaskings/${asked.id}/approve`, agree)).status).toBe(200);
    // It ran for all but its last seconds already.
    await centre.pool.query(`UPDATE unmasking SET until_at = now() + interval '8 seconds' WHERE id = $1`, [
      asked.id,
    ]);
    await other.page.waitForSelector(STRIP);
    await other.page.waitForFunction(`!document.querySelector('${STRIP}')`);
    expect((await centre.call(`GET /api/unmaskings/${asked.id}/image`, { cookie })).status).toBe(403);
  }, 90_000);
});
