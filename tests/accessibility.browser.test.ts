import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { caseEvent, daysAgo, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

/** What axe finds and calls serious or worse, a line each. */
const FINDINGS = `
  axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      id + ' ' + target.join(' ') + ': ' + failureSummary.split('\\n').slice(1, 2).join(' '))))`;

let centre: Installation;
let chromium: TestBrowser;
let desk: WallPage;

/** Goes where a link of the pages would, and waits for a sign that it is drawn. */
async function open(path: string, sign: string): Promise<void> {
  await desk.page.goto(centre.url + path);
  await desk.page.waitForSelector(sign);
}

async function findings(): Promise<string[]> {
  // By evaluation and not as a script element: the pages' own policy lets no other script in.
  await desk.page.evaluate(axe.source);
  return (await desk.page.evaluate(FINDINGS)) as string[];
}

describe('the pages, to somebody who cannot see them well', () => {
  beforeAll(async () => {
    await builtPages();
    centre = await openInstallation();
    await centre.post('zz-approval', [
      caseEvent('case.accepted', daysAgo(40), {
        ...{ caseNo: 'A11Y-1', department: 'zz-housing', title: '施工许可', officer: '04' },
        limit: { budget: { workingDays: 1 } },
      }),
    ]);
    await centre.settled();
    chromium = await startBrowser();
    desk = await openWallPage(chromium.browser, `${centre.url}/`, 'admin');
  }, 180_000);

  afterAll(async () => {
    await chromium.close();
    await centre.close();
  }, 60_000);

  test.each([
    ['the wall', '/wall', '[data-figure="red"]'],
    ['alerts', '/alerts', '[data-testid="alert-row"]'],
    ['cases', '/cases', '[data-testid="case-row"]'],
    ['a case', '/cases/130681%3AA11Y-1', '[data-testid="clock-day"]'],
    ['the replay of a case', '/cases/130681%3AA11Y-1?at=1800000000000', '[data-testid="replay"]'],
    ['playback', '/playback?cameras=zz-camera,dz-camera', '[data-testid="timeline"]'],
    ['playback without a camera', '/playback', '[data-testid="timeline"]'],
    ['administration', '/administration', '[data-testid="user-row"]'],
    ['cameras', '/administration?tab=cameras', '[data-testid="camera-row"]'],
    ['screens', '/administration?tab=screens', '[data-testid="screen-row"]'],
    ['viewings', '/administration?tab=viewings', '[role="region"]'],
    ['layouts', '/layouts', '[data-index]'],
    ['walls', '/walls', 'h1'],
    ['rules', '/rulebook?rule=step-in-seconds', '[data-testid="rule-detail"]'],
    ['ladders', '/rulebook?tab=ladders', '[data-testid="ladder"]'],
    ['matters', '/rulebook?tab=matters', '[data-testid="matter-row"]'],
    ['the calendar', '/rulebook?tab=calendar', '[data-testid="calendar-day"]'],
    ['the backtest', '/rulebook?tab=backtest', '[data-testid="start-backtest"]'],
    ['versions', '/rulebook?tab=versions', '[data-testid="ruleset-version"]'],
  ])(
    '%s: contrast, names, roles and keyboard hold',
    async (_name, path, sign) => {
      await open(path, sign);
      expect(await findings()).toEqual([]);
    },
    90_000,
  );
});
