import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ManagedScreen } from '@mingjing/contracts';
import axe from 'axe-core';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const WITHIN_MS = 30_000;
let centre: Installation;
let chromium: TestBrowser;
let desk: WallPage;
let admin: string;

const row = (id: string) => `[data-testid="screen-row"][data-screen="${id}"]`;
async function screen(id: string): Promise<ManagedScreen | undefined> {
  const { body } = await centre.call('GET /api/admin/screens', { cookie: admin });
  return (body as ManagedScreen[]).find((one) => one.id === id);
}
const screenUntil = (id: string, wanted: (one: ManagedScreen | undefined) => boolean) =>
  until(() => screen(id), wanted, WITHIN_MS);

describe('the administration of counter screens', () => {
  beforeAll(async () => {
    await builtPages();
    centre = await openInstallation();
    chromium = await startBrowser({ width: 1366, height: 768 });
    admin = await centre.signIn('admin');
    desk = await openWallPage(chromium.browser, `${centre.url}/`, 'admin');
  }, 180_000);

  afterAll(async () => {
    await chromium.close();
    await centre.close();
  }, 60_000);

  test('a shared screen is added, its zones are drawn and confirmed, and its token is shown once', async () => {
    const { page } = desk;
    await page.goto(`${centre.url}/administration?tab=screens`);
    await (await page.waitForSelector('[data-testid="add-screen"]'))?.click();
    await (await page.waitForSelector('input[name="id"]'))?.type('zz-shared');
    await page.type('input[name="name"]', '二号窗口');
    await page.select('select[name="region"]', '130681');
    await page.select('select[name="via"]', 'page');
    // What is wrong is said at its field, and nothing is sent.
    await page.click('dialog button[type="submit"]');
    await desk.textsUntil('dialog', ([text]) => text?.includes('http:// 或 https:// 开头的网址') ?? false);
    await page.type('input[name="url"]', 'https://hall.example/');
    await page.click('dialog button[type="submit"]');
    await page.waitForSelector(row('zz-shared'));
    expect(await screen('zz-shared')).toMatchObject({ via: 'page', zones: null, region: '130681' });

    await page.click(`${row('zz-shared')} [data-testid="edit-zones"]`);
    const box = await (await page.waitForSelector('[data-testid="zones-picture"]'))?.boundingBox();
    if (!box) throw new Error('the picture is not drawn');
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(0.1, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.6), { steps: 5 });
    await page.mouse.up();
    await page.focus('[data-testid="zone"]');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Delete');
    expect(await page.$('[data-testid="zone"]')).toBeNull();
    await page.keyboard.down('Control');
    await page.keyboard.press('z');
    await page.keyboard.up('Control');
    await page.waitForSelector('[data-testid="zone"]');
    await page.evaluate(axe.source);
    const found = (await page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id))`,
    )) as string[];
    expect(found).toEqual([]);
    await page.click('dialog button[type="submit"]');
    const zoned = await screenUntil('zz-shared', (one) => one?.zones?.length === 1);
    const [zone] = zoned?.zones ?? [];
    expect(zone?.what).toBe('cover');
    expect(zone?.x).toBeCloseTo(0.11, 1);
    expect(zone?.width).toBeCloseTo(0.4, 1);

    await page.click(`${row('zz-shared')} [data-testid="give-token"]`);
    await page.waitForSelector('[data-testid="screen-token"] input');
    const secret = (await page.evaluate(
      `document.querySelector('[data-testid="screen-token"] input').value`,
    )) as string;
    const orders = await centre.call('GET /api/service/screen', { token: secret });
    expect(orders.body).toMatchObject({ id: 'zz-shared', zones: [zone] });
    // There is no media host here.
    expect(desk.troubles().filter((said) => !/\/(sfu|still)\//.test(said))).toEqual([]);
  }, 90_000);

  test('one that was taken out of use is put back with one press', async () => {
    const { page } = desk;
    await page.reload();
    await page.waitForSelector(row('zz-shared'));
    await page.evaluate(
      `[...document.querySelectorAll('${row('zz-shared')} button')].find((one) => one.textContent.trim() === '停用').click()`,
    );
    await screenUntil('zz-shared', (one) => one?.disabled === true);
    await (await page.waitForSelector('.told button'))?.click();
    await screenUntil('zz-shared', (one) => one?.disabled === false);
  }, 60_000);
});
