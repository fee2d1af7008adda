import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cityPlanSchema, type Alert, type AlertPage } from '@mingjing/contracts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { SMALL_CITY } from './helpers/city.ts';
import { caseEvent, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const LIMIT_MS = 120_000;
const WITHIN_MS = 45_000;
const MINUTE = 60_000;
let centre: Installation;
let chromium: TestBrowser;
let desk: WallPage;
let covered: Alert;

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const told = (type: 'stream.state' | 'camera.event', at: string, data: object) =>
  caseEvent(type, at, { region: '130681', camera: 'zz-camera', ...data });
async function alerts(username: string): Promise<Alert[]> {
  const cookie = await centre.signIn(username);
  return ((await centre.call('GET /api/alerts', { cookie })).body as AlertPage).alerts;
}

describe('what cameras say, in Chromium', () => {
  beforeAll(async () => {
    await builtPages();
    const cameras = SMALL_CITY.cameras.map((one) => ({ ...one, recording: { mode: 'continuous' } }));
    centre = await openInstallation({ plan: cityPlanSchema.parse({ ...SMALL_CITY, cameras }) });
    chromium = await startBrowser();
  }, 180_000);

  afterAll(async () => {
    await chromium.close();
    await centre.close();
  }, 60_000);

  test(
    'falls due by itself in a running centre, and is the county’s alone',
    async () => {
      await centre.post('media', [
        told('stream.state', ago(9 * MINUTE), { state: 'live', attempt: 0 }),
        // Five minutes are over in two seconds.
        told('stream.state', ago(5 * MINUTE - 2000), {
          ...{ state: 'retrying', attempt: 14, reason: 'connection refused' },
        }),
        told('camera.event', ago(MINUTE), {
          topic: 'tamper',
          state: true,
          text: 'VideoSource/GlobalSceneChange',
        }),
      ]);
      const rules = async () => (await alerts('zz-inspector')).map(({ rule }) => rule).sort();
      expect(await until(rules, (all) => all.length === 2, WITHIN_MS)).toEqual([
        'camera-lost',
        'camera-tampered',
      ]);
      expect(await alerts('dz-inspector')).toEqual([]);
      covered = (await alerts('zz-inspector')).find(({ rule }) => rule === 'camera-tampered')!;
    },
    LIMIT_MS,
  );

  test(
    'brings its camera to the wall, and is looked back at',
    async () => {
      desk = await openWallPage(chromium.browser, `${centre.url}/`, 'zz-inspector');
      await desk.textsUntil('[data-testid="alert"]', (all) =>
        all.some((text) => text.includes('被遮挡或移动')),
      );
      await desk.page.goto(`${centre.url}/alerts?alert=${covered.id}`);
      await desk.textsUntil('[data-testid="alert-detail"] dd', (all) =>
        ['zz 摄像机', '摄像机被遮挡或移动 · 第 1 版'].every((text) => all.includes(text)),
      );
      const link = await desk.page.waitForSelector('[data-testid="alert-replay"]');
      const href = (await (await link!.getProperty('href')).jsonValue()) as string;
      expect(new URL(href).pathname).toBe('/playback');
      expect(Object.fromEntries(new URL(href).searchParams)).toEqual({
        ...{ cameras: 'zz-camera', at: String(covered.at - 10_000) },
      });
    },
    LIMIT_MS,
  );

  test(
    'is judged by rules that the rulebook shows in both languages',
    async () => {
      await desk.close();
      desk = await openWallPage(chromium.browser, `${centre.url}/rulebook?rule=camera-lost`, 'admin');
      await desk.textsUntil('[data-testid="rule-row"] .name', (all) =>
        ['视频中断', '摄像机被遮挡或移动'].every((text) => all.includes(text)),
      );
      await desk.page.evaluate(`localStorage.setItem('mingjing.locale', 'en')`);
      await desk.page.reload();
      await desk.textsUntil('[data-testid="rule-row"] .name', (all) =>
        ['No picture', 'Camera covered or moved'].every((text) => all.includes(text)),
      );
      await desk.textsUntil('label', (all) =>
        all.some((text) => text.includes('hall is closed count') && text.includes('option')),
      );
      expect(desk.troubles()).toEqual([]);
    },
    LIMIT_MS,
  );
});
