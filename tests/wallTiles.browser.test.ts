import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openWallStand, type WallStand } from './bench/wall/stand.ts';
import { failOnLeaks } from './helpers/leaks.ts';

failOnLeaks();

const PLACES = `[...document.querySelectorAll('[data-index]')].map((tile) => tile.getAttribute('aria-label').split('，').slice(1).join(' '))`;
const PICKED = `document.querySelector('[data-testid="layout-picker"]')?.value`;

let stand: WallStand;

const places = async () => (await stand.wall.page.evaluate(PLACES)) as string[];

async function withKey(modifier: 'Shift' | 'Control', key: 'ArrowRight' | 'z'): Promise<void> {
  const { keyboard } = stand.wall.page;
  await keyboard.down(modifier);
  await keyboard.press(key);
  await keyboard.up(modifier);
}

describe('layouts and tiles in Chromium', () => {
  beforeAll(async () => {
    stand = await openWallStand(6, { width: 1920, height: 1080 });
  }, 180_000);
  afterAll(() => stand.close(), 60_000);

  test('a layout is arranged by keys and by pointer, steps are taken back, and the user finds it again', async () => {
    const { page } = stand.wall;
    await page.goto(`${stand.centre.url}/layouts`);
    await page.waitForSelector('[data-index="3"]');
    await page.focus('[data-index="3"]');
    await page.keyboard.press('Delete');
    expect(await places()).toHaveLength(3);
    await withKey('Shift', 'ArrowRight');
    expect((await places())[2]).toContain('2×1');
    await withKey('Control', 'z');
    expect((await places())[2]).toContain('1×1');

    const box = await (await page.$('[data-index="2"]'))?.boundingBox();
    if (!box) throw new Error('the third tile is not drawn');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 1.5, y, { steps: 12 });
    await page.mouse.up();
    await page.waitForSelector('[data-index="2"][gs-x="1"]');

    await page.click('[data-put="camera:camera-03"]');
    await page.type('[name="layout-name"]', '七号大厅');
    await page.click('[data-testid="layout-save"]');
    await stand.wall.textsUntil('[data-testid="layout-said"]', ([said]) => said === '已保存');

    await page.goto(`${stand.centre.url}/wall`);
    await page.waitForSelector('[data-testid="layout-picker"] optgroup option');
    const value = (await page.evaluate(`document.querySelector('optgroup option').value`)) as string;
    const remembered = page.waitForResponse(
      (answer) => answer.url().endsWith('/api/layout-choice') && answer.request().method() === 'PUT',
    );
    await page.select('[data-testid="layout-picker"]', value);
    await remembered;
    await page.reload();
    await page.waitForFunction(`${PICKED} === ${JSON.stringify(value)}`);
  }, 90_000);

  test('a kept layout is found in the list, guarded while it is changed, copied and deleted', async () => {
    const { page } = stand.wall;
    const status = '[data-testid="layout-said"]';
    await page.goto(`${stand.centre.url}/layouts`);
    await (await page.waitForSelector('[data-layout] .open'))?.click();
    await page.waitForSelector('[data-content="camera:camera-03"]');
    // All of it is seen without scrolling.
    expect(
      await page.evaluate(
        `(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('main'))`,
      ),
    ).toBe(0);
    await page.click('[data-index="0"]');
    await page.click('[data-testid="remove-tile"]');
    await stand.wall.textsUntil(status, ([said]) => said === '未保存');

    await page.click('[data-preset="9"]');
    await page.waitForSelector('dialog[open]');
    await page.click('dialog[open] .actions .button');
    expect(await places()).toHaveLength(2);
    await page.click('a[href="/walls"]');
    await page.waitForSelector('dialog[open]');
    expect(new URL(page.url()).pathname).toBe('/layouts');
    await page.click('[data-testid="confirm"]');
    await page.waitForSelector('[data-testid="walls-page"]');

    await page.goto(`${stand.centre.url}/layouts`);
    await (await page.waitForSelector('[data-layout] [aria-label^="复制布局"]'))?.click();
    expect(await page.evaluate(`document.querySelector('[name="layout-name"]').value`)).toBe(
      '七号大厅（副本）',
    );
    await page.click('[data-testid="layout-save"]');
    await stand.wall.textsUntil('[data-layout] .open .ellipsis', (names) => names.length === 2);
    await page.click('[data-testid="layout-remove"]');
    await (await page.waitForSelector('[data-testid="confirm"]'))?.click();
    await stand.wall.textsUntil('[data-layout] .open .ellipsis', (names) => names.length === 1);
  }, 90_000);

  test('a tile is enlarged, explained and left by keys', async () => {
    const { page } = stand.wall;
    await page.goto(`${stand.centre.url}/wall`);
    await page.waitForSelector('[data-testid="camera-tile"]');
    await page.focus('[data-testid="camera-tile"]');
    await page.keyboard.press('i');
    await page.waitForSelector('[data-testid="tile-figures"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.cell.full');
    const width = (selector: string) => `document.querySelector('${selector}').getBoundingClientRect().width`;
    await page.waitForFunction(
      `${width('.cell.full > *')} === ${width('[data-testid="stage"]')} && ${width('.cell.full > *')} > 1000`,
    );
    await page.keyboard.press('Escape');
    await page.waitForFunction(`!document.querySelector('.cell.full')`);
    await page.keyboard.press('?');
    await page.waitForSelector('[data-testid="tile-help"]');
    expect(stand.wall.troubles().filter((said) => !said.includes('/still/'))).toEqual([]);
  }, 60_000);
});
