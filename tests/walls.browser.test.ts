import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Alert, AlertPage, CreatedWallToken, Patrol, Wall, WallState } from '@mingjing/contracts';
import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { caseEvent, daysAgo, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const WITHIN_MS = 30_000;
let centre: Installation;
let chromium: TestBrowser;
let desk: WallPage;
let wall: Wall;
let token: CreatedWallToken;
let windows: Page[];
let admin: string;

async function made<T>(request: string, body: unknown): Promise<T> {
  const answer = await centre.call(request, { cookie: admin, body });
  expect([request, answer.status, answer.status < 300 ? null : answer.body]).toEqual([
    request,
    answer.status,
    null,
  ]);
  return answer.body as T;
}
const look = async (): Promise<WallState> =>
  (await centre.call(`GET /api/walls/${wall.id}/state`, { cookie: admin })).body as WallState;

/** A window of the wall as the machine behind it opens it: nobody signs in. */
async function openWindow(number: number): Promise<Page> {
  const context = await chromium.browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${centre.url}/walls/${wall.id}?window=${number}#${token.token}`);
  await page.waitForSelector('[data-testid="wall-window"][data-rev]', { timeout: WITHIN_MS });
  return page;
}
const cells = async (page: Page): Promise<string> =>
  (await page.evaluate(
    `Array.from(document.querySelectorAll('[data-cell]'), (cell) => cell.dataset.cell).sort().join(' ')`,
  )) as string;
const showing = (page: Page, wanted: string) =>
  until(
    () => cells(page),
    (seen) => seen === wanted,
    WITHIN_MS,
  );
const textOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`) as Promise<string>;

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).join(' | ')))`)) as string[];
}

describe('a wall of two windows, and its desk', () => {
  beforeAll(async () => {
    await builtPages();
    centre = await openInstallation();
    admin = await centre.signIn('admin');
    const step = (camera: string) => ({ dwellSeconds: 3600, show: { kind: 'cameras', cameras: [camera] } });
    const patrol = await made<Patrol>('POST /api/patrols', {
      ...{ name: '巡', region: '130681', steps: [step('zz-camera'), step('zz-camera')], sharedWith: null },
    });
    wall = await made<Wall>('POST /api/walls', {
      ...{ name: '指挥大厅', region: '130681', windows: [{ layout: null }, { layout: null }] },
      ...{ patrol: patrol.id, alertPolicy: { levels: ['red'], holdSeconds: 3600 } },
    });
    token = await made<CreatedWallToken>(`POST /api/walls/${wall.id}/tokens`, { note: '左屏' });
    chromium = await startBrowser();
    windows = [await openWindow(1), await openWindow(2)];
    desk = await openWallPage(chromium.browser, `${centre.url}/walls`, 'zz-inspector');
    await desk.page.waitForSelector('[data-testid="wall-desk"]');
  }, 180_000);

  afterAll(async () => {
    await chromium.close();
    await centre.close();
  }, 60_000);

  test('windows follow the patrol, and a text from the desk stands in its window until it is taken back', async () => {
    for (const page of windows) await showing(page, 'camera:zz-camera');
    await desk.page.select('[data-testid="send-form"] select[name="kind"]', 'text');
    await desk.page.type('[data-testid="send-form"] textarea', '九点开会');
    await desk.page.click('[data-testid="send-form"] button[type="submit"]');
    await showing(windows[0]!, 'text:九点开会');
    expect(await cells(windows[1]!)).toBe('camera:zz-camera');
    await desk.textsUntil('[data-testid="sent-item"]', ([item]) => item?.includes('九点开会') ?? false);
    await desk.page.click('[data-testid="take-back"]');
    await showing(windows[0]!, 'camera:zz-camera');
  }, 90_000);

  test('an alert brings its camera, screen and case, holds the patrol, and lets it go when it is acknowledged', async () => {
    await centre.post('zz-approval', [
      caseEvent('case.accepted', daysAgo(40), {
        ...{ caseNo: '屏-1', department: 'zz-housing', hall: 'zz-hall', counter: 'zz-1', title: '施工许可' },
        limit: { budget: { workingDays: 1 } },
      }),
    ]);
    await showing(windows[0]!, 'camera:zz-camera case:130681:屏-1 screen:zz-screen');
    expect(await textOf(windows[0]!, '[data-testid="case-tile"]')).toContain('屏-1');
    await desk.page.waitForSelector('[data-testid="patrol-line"][data-paused="alert"]');
    expect(await findings(windows[0]!)).toEqual([]);
    expect(await findings(desk.page)).toEqual([]);
    const cookie = await centre.signIn('zz-inspector');
    const { alerts } = (await centre.call('GET /api/alerts?kind=red', { cookie })).body as AlertPage;
    const [alert] = alerts as [Alert];
    await centre.call(`POST /api/alerts/${alert.id}/actions`, { cookie, body: { action: 'acknowledge' } });
    await showing(windows[0]!, 'camera:zz-camera');
    await desk.page.waitForSelector('[data-testid="patrol-line"]:not([data-paused])');
  }, 120_000);

  test('a restart of the centre shows, and passes: every window shows what it showed', async () => {
    const sent = { do: 'send', window: 2, content: { kind: 'text', text: '请静' } };
    await made<WallState>(`POST /api/walls/${wall.id}/commands`, sent);
    await showing(windows[1]!, 'text:请静');
    const before = await look();
    await centre.killCentre();
    for (const page of windows) await page.waitForSelector('[data-testid="wall-cut"]');
    await centre.restartCentre();
    for (const page of windows)
      await page.waitForFunction(`!document.querySelector('[data-testid="wall-cut"]')`, {
        timeout: WITHIN_MS,
      });
    expect(await cells(windows[1]!)).toBe('text:请静');
    const { windows: after, patrol, sent: held } = await look();
    expect({ after, patrol, held }).toEqual({
      after: before.windows,
      patrol: before.patrol,
      held: before.sent,
    });
  }, 120_000);

  test('a reload shows the same without anybody, also when the session is gone', async () => {
    const [page] = windows as [Page];
    const context = page.browserContext();
    await context.deleteCookie(...(await context.cookies()));
    await page.reload();
    await page.waitForSelector('[data-testid="wall-window"][data-rev]', { timeout: WITHIN_MS });
    await showing(page, 'camera:zz-camera');
  }, 60_000);

  test('a patrol is made of ticked cameras, changed and removed in its dialog; the wall that walked it shows what there is', async () => {
    const own = await openWallPage(chromium.browser, `${centre.url}/walls`, 'admin');
    const { page } = own;
    const press = async (selector: string) => (await page.waitForSelector(selector))!.click();
    const patrols = async () => {
      const answer = await centre.call('GET /api/patrols', { cookie: admin });
      return (answer.body as Patrol[]).map(({ name, steps }) => `${name}: ${steps.length}`);
    };
    await press('[data-testid="add-patrol"]');
    await page.type('dialog input[name="name"]', '夜巡');
    await page.click('dialog button[type="submit"]');
    // Nothing is ticked yet.
    await page.waitForSelector('dialog [role="alert"]');
    expect(await findings(page)).toEqual([]);
    await press('[data-testid="patrol-step"] input[value="zz-camera"]');
    await page.click('dialog button[type="submit"]');
    await page.waitForSelector('dialog', { hidden: true });
    expect((await patrols()).sort()).toEqual(['夜巡: 1', '巡: 2']);
    await press('[data-testid="edit-patrol"]');
    await press('[data-testid="remove-patrol"]');
    await press('[data-testid="confirm"]');
    await page.waitForSelector('dialog', { hidden: true });
    expect(await patrols()).toEqual(['夜巡: 1']);
    expect(own.troubles()).toEqual([]);
    await own.close();
    // What nobody has said anything about: all that there is.
    await until(
      () => cells(windows[0]!),
      (shown) => shown.includes('screen:zz-screen'),
      WITHIN_MS,
    );
  }, 90_000);

  test('a revoked token ends every window at once, and they say so', async () => {
    const answer = await centre.call(`DELETE /api/walls/${wall.id}/tokens/${token.id}`, { cookie: admin });
    expect(answer.status).toBe(204);
    for (const page of windows) {
      await page.waitForSelector('[data-testid="wall-ended"] h1', { timeout: 5000 });
      await until(
        () => textOf(page, '[data-testid="wall-ended"]'),
        (said) => said.includes('吊销'),
        5000,
      );
    }
  }, 60_000);
});
