import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cityPlanSchema } from '@mingjing/contracts';
import type { KeyInput } from 'puppeteer';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { SMALL_CITY } from './helpers/city.ts';
import { freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startOnvif, type OnvifCamera } from './helpers/onvif.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { startRtsp, type RtspServer } from './helpers/rtsp.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const WITHIN_MS = 30_000;
const SIGN_IN = { username: 'operator', password: 'Guan-2026' };
const PANEL = '[data-testid="ptz-panel"]';
const PROBLEM = '[data-testid="ptz-problem"]';
const STATE = '[data-testid="ptz-state"]';
/** Colour bars: which of red, green and blue each of the seven is made of. */
const BARS = ['rgb', 'rg', 'gb', 'g', 'rb', 'r', 'b'];
const FOCUSED = `document.activeElement?.dataset.camera ?? document.activeElement?.dataset.screen ?? ''`;

let centre: Installation;
let media: RunningProcess;
let rtsp: RtspServer;
let gate: OnvifCamera;
let fixed: OnvifCamera;
let chromium: TestBrowser;
let desk: WallPage;
let downloads: string;

const tile = (camera: string) => `[data-testid="camera-tile"][data-camera="${camera}"]`;
const noteOf = (camera: string) => `${tile(camera)} [role="status"].note`;

/** What the camera was asked to do, in order, since so many questions. */
const orders = (since = 0) =>
  gate.asked
    .slice(since)
    .filter(({ operation }) => /^(ContinuousMove|Stop|Goto\w+)$/.test(operation))
    .map(({ operation, body }) => {
      const [, x, y] = /PanTilt x="([^"]*)" y="([^"]*)"/.exec(body) ?? [];
      const zoom = /Zoom x="([^"]*)"/.exec(body)?.[1];
      const preset = /<PresetToken>([^<]*)</.exec(body)?.[1];
      return [operation, x && `${x},${y},${zoom}`, preset].filter(Boolean).join(' ');
    });
const ordersUntil = (since: number, wanted: (said: string[]) => boolean) =>
  until(() => orders(since), wanted, WITHIN_MS);

/** Moves the focus by the keyboard alone: Tab into the tiles, arrows between them. */
async function focusTile({ page }: WallPage, camera: string): Promise<void> {
  const at = async () => (await page.evaluate(FOCUSED)) as string;
  // All of the wall stands, so that no tile moves under the keys.
  for (const { id } of CAMERAS) await page.waitForSelector(`${tile(id)}[data-state="live"]`);
  for (let tabs = 0; (await at()) === '' && tabs < 40; tabs += 1) await page.keyboard.press('Tab');
  for (const arrow of ['ArrowUp', 'ArrowLeft', 'ArrowRight', 'ArrowDown', 'ArrowLeft'] as const)
    for (let steps = 0; (await at()) !== camera && steps < 4; steps += 1) await page.keyboard.press(arrow);
  expect(await at()).toBe(camera);
}

async function openPanel(wall: WallPage, camera: string): Promise<void> {
  await focusTile(wall, camera);
  await wall.page.keyboard.press('p');
  await wall.page.waitForSelector(`${tile(camera)} ${PANEL}`);
}

/** Holds keys until the camera was told twice, lets go of them, and gives what the camera was told. */
async function hold(...keys: KeyInput[]): Promise<string[]> {
  const { length: since } = gate.asked;
  for (const key of keys) await desk.page.keyboard.down(key);
  const moving = await ordersUntil(since, (said) => said.length >= 2);
  expect(new Set(moving).size).toBe(1);
  for (const key of keys) await desk.page.keyboard.up(key);
  return ordersUntil(since, (said) => said.includes('Stop'));
}

/** The newest file that a wall has downloaded, once there are so many; its bytes and its picture as RGB. */
async function downloaded(count: number): Promise<{ name: string; bytes: Buffer; rgb: Buffer }> {
  const names = await until(
    () => readdirSync(downloads).filter((name) => name.endsWith('.jpg')),
    (found) => found.length >= count,
    WITHIN_MS,
  );
  const [name = ''] = names.filter((found) => !known.has(found));
  known.add(name);
  const file = path.join(downloads, name);
  const raw = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout: rgb } = await promisify(execFile)('ffmpeg', raw, { encoding: 'buffer', maxBuffer: 1e8 });
  return { name, bytes: readFileSync(file), rgb };
}
const known = new Set<string>();

/** The camera's picture, 640×360 of colour bars, and below it a dark band of 20 rows with something written. */
function expectBars(rgb: Buffer): void {
  expect(rgb).toHaveLength(640 * 380 * 3);
  const seen = BARS.map((_, bar) => {
    const at = (100 * 640 + Math.round(((bar + 0.5) * 640) / 7)) * 3;
    return ['r', 'g', 'b'].filter((__, channel) => rgb[at + channel]! > 110).join('');
  });
  expect(seen).toEqual(BARS);
  const band = rgb.subarray(362 * 640 * 3);
  const share = (wanted: (value: number) => boolean) => band.filter(wanted).length / band.length;
  expect(share((value) => value < 40)).toBeGreaterThan(0.6);
  expect(share((value) => value > 150)).toBeGreaterThan(0.01);
}

const CAMERAS = [
  { id: 'gate', name: '大门', onvif: true },
  { id: 'fixed', name: '走廊', onvif: true },
  { id: 'plain', name: '柜台', onvif: false },
];

describe('the tools of a tile, with a camera that can be steered', () => {
  beforeAll(async () => {
    await builtPages();
    rtsp = await startRtsp(
      { kind: 'pattern', scene: 'night' },
      { user: SIGN_IN.username, password: SIGN_IN.password },
    );
    gate = await startOnvif({ main: rtsp.url, sub: rtsp.url, ...SIGN_IN });
    gate.presets.set('p-2', '二号柜台');
    fixed = await startOnvif({ main: rtsp.url, sub: rtsp.url, ...SIGN_IN, fixed: true });
    const port = await freePort();
    const leader = { username: 'leader', name: '周正', role: 'leader', region: '130600' };
    centre = await openInstallation({
      plan: cityPlanSchema.parse({ ...SMALL_CITY, cameras: [], users: [...SMALL_CITY.users, leader] }),
      env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` },
    });
    const cookie = await centre.signIn('zz-admin');
    for (const { onvif, ...camera } of CAMERAS) {
      const address = camera.id === 'gate' ? gate.address : fixed.address;
      const made = await centre.call('POST /api/admin/cameras', {
        cookie,
        body: {
          ...{ ...camera, region: '130681', hall: 'zz-hall', counter: null, credentials: SIGN_IN },
          ...{ source: { kind: 'rtsp', url: rtsp.url }, onvif: onvif ? address : null },
        },
      });
      expect([made.status, made.body]).toEqual([201, expect.objectContaining({ id: camera.id })]);
    }
    media = await startMedia({
      ...{ centreUrl: centre.url, token: centre.tokens['media']!, ticketKey: centre.secrets.ticketKey },
      env: { MINGJING_MEDIA_PORT: String(port) },
    });
    chromium = await startBrowser({ width: 1366, height: 768 });
    desk = await openWallPage(chromium.browser, `${centre.url}/`, 'inspector');
    downloads = mkdtempSync(path.join(tmpdir(), 'mingjing-downloads-'));
    const cdp = await chromium.browser.target().createCDPSession();
    await cdp.send('Browser.setDownloadBehavior', {
      ...{ behavior: 'allow', downloadPath: downloads },
      browserContextId: desk.page.browserContext().id!,
    });
    await desk.page.waitForSelector(`${tile('gate')}[data-state="live"]`);
  }, 240_000);

  afterAll(async () => {
    await chromium.close();
    await media.stop();
    await centre.close();
    await Promise.all([gate.close(), fixed.close(), rtsp.stop()]);
    rmSync(downloads, { recursive: true });
  }, 60_000);

  test('a key that is held moves the camera, and letting go stops it', async () => {
    await openPanel(desk, 'gate');
    await desk.textsUntil(STATE, ([said]) => said === '无人操作');
    expect((await hold('ArrowRight'))[0]).toBe('ContinuousMove 0.5,0,0');
    await desk.textsUntil(STATE, ([said]) => said === '由您操作');
    expect((await hold('ArrowUp'))[0]).toBe('ContinuousMove 0,0.5,0');
    // Shift is let go before the key is: the key then has another name.
    expect((await hold('Shift', 'Equal'))[0]).toBe('ContinuousMove 0,0,0.5');
    expect((await hold('-'))[0]).toBe('ContinuousMove 0,0,-0.5');
    const { length: since } = gate.asked;
    await desk.page.keyboard.press('2');
    await ordersUntil(since, (said) => said.includes('GotoPreset p-2'));
    await desk.page.keyboard.press('Home');
    await ordersUntil(since, (said) => said.includes('GotoHomePosition'));
    await desk.page.keyboard.press('Escape');
    await desk.page.waitForFunction(`!document.querySelector('${PANEL}')`);
    expect(await desk.page.evaluate(FOCUSED)).toBe('gate');
    expect(desk.troubles().filter((said) => !said.includes('/still/'))).toEqual([]);
  }, 90_000);

  test('a button that is held by the pointer moves it as long, and a preset is clicked', async () => {
    const { page } = desk;
    await openPanel(desk, 'gate');
    await page.waitForSelector(`${PANEL} .preset`);
    const { length: since } = gate.asked;
    const box = await (await page.$(`${PANEL} [data-way="left"]`))!.boundingBox();
    await page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2);
    await page.mouse.down();
    const moving = await ordersUntil(since, (said) => said.length >= 3);
    expect(new Set(moving)).toEqual(new Set(['ContinuousMove -0.5,0,0']));
    await page.mouse.up();
    await ordersUntil(since, (said) => said.at(-1) === 'Stop');
    await page.click(`${PANEL} .preset`);
    await ordersUntil(since, (said) => said.includes('GotoPreset 1'));
    await page.click(`${PANEL} .close`);
  }, 90_000);

  test('a second operator is told who steers, moves nothing, and may once the first lets go', async () => {
    await openPanel(desk, 'gate');
    const other = await openWallPage(chromium.browser, `${centre.url}/`, 'zz-inspector');
    await openPanel(other, 'gate');
    const steerOn = async () => {
      await desk.page.keyboard.press('Home');
      return other.texts(PROBLEM);
    };
    await until(steerOn, ([said]) => said?.includes('inspector 正在操作') === true, WITHIN_MS);
    const { length: since } = gate.asked;
    await other.page.keyboard.press('ArrowLeft');
    await steerOn();
    await ordersUntil(since, (said) => said.includes('GotoHomePosition'));
    expect(orders(since).filter((said) => said.startsWith('ContinuousMove'))).toEqual([]);
    await desk.page.keyboard.press('Escape');
    await other.textsUntil(STATE, ([said]) => said === '无人操作');
    await other.page.keyboard.down('ArrowLeft');
    await ordersUntil(since, (said) => said.includes('ContinuousMove -0.5,0,0'));
    // Who goes away stops what moves.
    await other.close();
    await ordersUntil(since, (said) => said.at(-1) === 'Stop');
  }, 120_000);

  test('who may not steer, and what cannot be steered, is said', async () => {
    await focusTile(desk, 'plain');
    await desk.page.keyboard.press('p');
    await desk.textsUntil(noteOf('plain'), ([said]) => said === '这台摄像机没有云台，不能转动');
    await openPanel(desk, 'fixed');
    await desk.textsUntil(PROBLEM, ([said]) => said?.includes('这台摄像机没有云台') === true);
    expect(await desk.page.$$(`${PANEL} [data-way]:not(:disabled)`)).toEqual([]);
    await desk.page.keyboard.press('p');
    const leader = await openWallPage(chromium.browser, `${centre.url}/`, 'leader');
    await focusTile(leader, 'gate');
    await leader.page.keyboard.press('p');
    await leader.textsUntil(noteOf('gate'), ([said]) => said === '您的角色不能操作云台');
    expect(await leader.page.$$(PANEL)).toEqual([]);
    await leader.close();
    // A clerk has no wall at all.
    const cookie = await centre.signIn('zz-clerk');
    expect((await centre.call('GET /api/media/ticket', { cookie })).status).toBe(403);
  }, 90_000);

  test('a snapshot is the picture as it came, with name and time below', async () => {
    await desk.page.waitForSelector(`${tile('gate')}[data-state="live"]`);
    await focusTile(desk, 'gate');
    await desk.page.keyboard.press('s');
    // Says so, or why not.
    await desk.textsUntil(noteOf('gate'), ([said]) => said?.startsWith('截图已保存') ?? false);
    const byKey = await downloaded(1);
    expect(byKey.name).toMatch(/^涿州市_·_大门_\d{4}年\d+月\d+日_\d\d_\d\d_\d\d\.jpg$/);
    expect(byKey.bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expectBars(byKey.rgb);
    await desk.page.waitForSelector(`${tile('plain')}[data-state="live"]`);
    await desk.page.hover(tile('plain'));
    await desk.page.click(`${tile('plain')} [data-tool="snapshot"]`);
    const byButton = await downloaded(2);
    expect(byButton.name).toMatch(/^涿州市_·_柜台_/);
    expectBars(byButton.rgb);
    // Back from the button to its tile.
    await desk.page.focus(tile('plain'));
    await focusTile(desk, 'zz-screen');
    await desk.page.keyboard.press('s');
    const screen = '[data-testid="screen-tile"][data-screen="zz-screen"] .note';
    await desk.textsUntil(screen, ([said]) => said === '现在没有可截的画面');
  }, 90_000);
});
