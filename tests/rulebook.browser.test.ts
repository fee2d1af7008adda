import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CaseDetail } from '@mingjing/contracts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { caseEvent, daysAgo, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const LIMIT_MS = 120_000;
const CASE = '130681:规-1';
let centre: Installation;
let chromium: TestBrowser;
let desk: WallPage;
let cookie: string;

async function go(path: string, sign: string): Promise<void> {
  await desk.page.goto(centre.url + path);
  await desk.page.waitForSelector(sign);
}
async function press(selector: string): Promise<void> {
  await (await desk.page.waitForSelector(selector))?.click();
}
async function fill(selector: string, text: string): Promise<void> {
  const field = await desk.page.waitForSelector(selector);
  await field?.click({ count: 3 });
  await field?.type(text);
}
/** Publishes what is in the draft, and waits until the dialog is gone. */
async function publish(button: string, note: string): Promise<void> {
  await press(button);
  await fill('dialog input[name="note"]', note);
  await press('dialog button[type="submit"]');
  await desk.page.waitForSelector('dialog', { hidden: true });
}
async function theCase(): Promise<CaseDetail> {
  return (await centre.call(`GET /api/cases/${encodeURIComponent(CASE)}`, { cookie })).body as CaseDetail;
}

describe('the rulebook in Chromium', () => {
  beforeAll(async () => {
    await builtPages();
    centre = await openInstallation();
    await centre.post('zz-approval', [
      caseEvent('case.accepted', daysAgo(40), {
        ...{ caseNo: '规-1', department: 'zz-housing', officer: '04' },
        limit: { budget: { workingDays: 10 } },
      }),
    ]);
    await centre.settled();
    cookie = await centre.signIn('admin');
    chromium = await startBrowser();
    desk = await openWallPage(chromium.browser, `${centre.url}/`, 'admin');
  }, 180_000);

  afterAll(async () => {
    await chromium.close();
    await centre.close();
  }, 60_000);

  test(
    'a card is explained in full: what it was counted with, day by day',
    async () => {
      await go(`/cases/${encodeURIComponent(CASE)}`, '[data-testid="card-line"][data-rung="red"]');
      const red = '[data-testid="card-line"][data-rung="red"] [data-testid="card-explanation"]';
      await press(`${red} summary`);
      const numbers = await desk.textsUntil(`${red} [data-testid="clock-day"] b`, (days) =>
        days.includes('10'),
      );
      expect(numbers.filter((text) => /^\d+$/.test(text)).map(Number)).toEqual(
        Array.from({ length: 10 }, (_, index) => index + 1),
      );
    },
    LIMIT_MS,
  );

  test(
    'a draft can be undone, is tried on history, and holds once it is published',
    async () => {
      await go('/rulebook?tab=ladders', '[data-ladder="baoding"]');
      await press('[data-ladder="baoding"] button');
      await desk.page.select('dialog select[name="red-point"]', 'none');
      await press('dialog button[type="submit"]');
      await press('[data-testid="undo"]');
      await desk.page.waitForSelector('[data-testid="draft-bar"]', { hidden: true });

      await press('[data-ladder="baoding"] button');
      await desk.page.select('dialog select[name="notice-point"]', 'none');
      await press('dialog button[type="submit"]');
      await press('[data-tab="backtest"]');
      await desk.page
        .evaluate(`document.querySelector('input[name="from"]').valueAsDate = new Date(Date.now() - 60 * 864e5);
        document.querySelector('input[name="from"]').dispatchEvent(new Event('input', { bubbles: true }))`);
      await press('[data-testid="start-backtest"]');
      const notice = '[data-testid="backtest-count"][data-name="notice"] td';
      const counts = await desk.textsUntil(notice, (cells) => cells.length === 4);
      // Issued one, would issue none: one fewer.
      expect(counts).toEqual(['1', '0', '0', '−1']);
      expect((await theCase()).cards.filter(({ rescindedAt }) => rescindedAt === null)).toHaveLength(3);

      await publish('[data-testid="publish"]', '试行：不发预警');
      await go('/rulebook?tab=versions', '[data-testid="ruleset-version"]');
      const [latest] = await desk.texts('[data-testid="ruleset-version"]');
      expect(latest).toContain('试行：不发预警');
    },
    LIMIT_MS,
  );

  test(
    'a day off that is entered moves what is due',
    async () => {
      const before = await theCase();
      const spanned = before.clock!.days.findLast(({ mark, late }) => mark === 'counted' && !late)!.date;
      await go(`/rulebook?tab=calendar&year=${spanned.slice(0, 4)}`, `[data-date="${spanned}"]`);
      await press(`[data-date="${spanned}"]`);
      await fill('dialog input[name="name"]', '防汛停工');
      await press('dialog button[type="submit"]');
      await publish('[data-testid="publish-calendar"]', '防汛停工一天');
      const after = await until(theCase, ({ clock }) => clock?.dueDate !== before.clock?.dueDate, 60_000);
      expect(after.clock?.days.find(({ date }) => date === spanned)).toMatchObject({
        mark: 'holiday',
        name: '防汛停工',
      });
      expect(after.clock!.dueAt!).toBeGreaterThan(before.clock!.dueAt!);
      await desk.page.waitForSelector(`[data-date="${spanned}"][data-working="false"]`);
      // No media host runs here: the wall, where everybody begins, says so.
      expect(desk.troubles().filter((line) => !/\/(sfu|still)\//.test(line))).toEqual([]);
    },
    LIMIT_MS,
  );
});
