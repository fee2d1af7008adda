import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditPage, Clip } from '@mingjing/contracts';
import { caseEvent } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { openPlayback, showPictures, type PlaybackStand } from './helpers/playbackStand.ts';
import { FRAME_MS, readBars } from './helpers/timeFilm.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const WITHIN_MS = 20_000;
/** A while ago; nothing was recorded from second 24 to second 32. */
const FROM = Math.floor(Date.now() / 1000) * 1000 - 20 * 60_000;
const SEGMENTS = [0, 4, 8, 12, 16, 20, 32, 36].map((begin) => [begin, begin + 4] as const);
const SHOWN = [0, 3, 10, 11, 30];
const second = (seconds: number): number => FROM + seconds * 1000;

let stand: PlaybackStand;

const look = <T>(expression: string): Promise<T> => stand.desk.page.evaluate(expression) as Promise<T>;
const lookUntil = <T>(expression: string, wanted: (seen: T) => boolean): Promise<T> =>
  until(() => look<T>(expression), wanted, WITHIN_MS);
const clock = `Number(document.querySelector('[data-testid="instant"]')?.dataset.at)`;

async function open(address: string, sign: string): Promise<void> {
  await stand.desk.page.goto(stand.centre.url + address);
  await stand.desk.page.waitForSelector(sign);
}

/** Rests the pointer on the time line at an instant, on the row or the marks at `above` px over its lower end. */
async function point(at: number, above = 8): Promise<void> {
  const { page } = stand.desk;
  const box = (await (await page.$('[role="slider"]'))!.boundingBox())!;
  const view = await look<{ from: string; to: string }>(
    `({ ...document.querySelector('[data-testid="timeline"]').dataset })`,
  );
  const share = (at - Number(view.from)) / (Number(view.to) - Number(view.from));
  await page.mouse.move(box.x + box.width * share, box.y + box.height - above);
}
const card = (part: string): string => `document.querySelector('[data-testid="hover-card"]')?.${part} ?? ''`;

describe('the page of playback', () => {
  beforeAll(async () => {
    stand = await openPlayback(FROM, { 'zz-camera': SEGMENTS });
    const { centre } = stand;
    const at = (seconds: number) => new Date(second(seconds)).toISOString();
    const where = { caseNo: 'R-1', hall: 'zz-hall', counter: 'zz-1', officer: 'zz-officer' };
    await centre.post('zz-approval', [
      caseEvent('case.accepted', at(5), { ...where, matter: 'permit', department: 'zz-housing' }),
      caseEvent('case.stage.started', at(36), { ...where, stage: '审查' }),
    ]);
    await showPictures(centre, 'zz-screen', FROM, SHOWN);
  }, 240_000);

  afterEach(() => {
    // The cameras themselves are not there: a live still of one is none.
    expect(stand.desk.troubles().filter((said) => !said.includes('/still/'))).toEqual([]);
  });

  afterAll(() => stand.close(), 60_000);

  describe('opened without anything to play', () => {
    test('plays what was recorded last, near its end, and says so', async () => {
      await open('/playback', '[data-testid="camera-playback"]');
      await lookUntil<number>(clock, (at) => at === second(40) - 15_000);
      expect(await stand.desk.texts('[data-testid="why-chosen"]')).toEqual([
        '已自动选出最近有录像的 1 台，可在下方更改。',
      ]);
      expect(await look(`document.querySelector('input[data-camera="zz-camera"]').checked`)).toBe(true);
    }, 60_000);

    test('marks what was recorded, greys what was not, and shuts halls without recordings', async () => {
      const halls = await look<[string, boolean][]>(
        `Array.from(document.querySelectorAll('[data-testid="chooser-hall"]'), (hall) => [hall.innerText.replace(/\\s+/g, ' ').trim(), hall.open])`,
      );
      expect(halls).toEqual([
        ['涿州市政务大厅2 / 2 zz 摄像机 zz 屏幕', true],
        ['定州市政务大厅无录像', false],
      ]);
      const words = `document.querySelector('input[data-camera="dz-camera"]').closest('label').textContent`;
      expect(await look(words)).toBe('dz 摄像机无录像');
    }, 60_000);

    test('plays what this person chose last', async () => {
      await stand.desk.page.click('input[data-screen="zz-screen"]');
      await stand.desk.page.click('input[data-camera="zz-camera"]');
      await open('/playback', '[data-testid="screen-playback"]');
      expect(await stand.desk.texts('[data-testid="why-chosen"]')).toEqual([
        '沿用您上次回放的画面，可在下方更改。',
      ]);
      expect(await look(`document.querySelectorAll('[data-testid$="-playback"]').length`)).toBe(1);
    }, 60_000);
  });

  describe('the instant', () => {
    const field = 'input[data-testid="instant"]';
    const type = async (text: string) => {
      await stand.desk.page.click(field, { count: 3 });
      await stand.desk.page.type(field, text);
    };
    const local = (at: number, from = 0, to = 19) =>
      new Date(at + 8 * 3_600_000).toISOString().replace('T', ' ').slice(from, to);

    test('is written as the page reads it, in the region’s zone, and is typed', async () => {
      await open(`/playback?cameras=zz-camera&at=${second(10)}`, field);
      expect(await look(`document.querySelector('${field}').value`)).toBe(
        local(second(10)).replace(/^(\d+)-(\d+)-(\d+)/, '$1年$2月$3日'),
      );
      await type(local(second(14)));
      await stand.desk.page.keyboard.press('Enter');
      await lookUntil<number>(clock, (at) => at === second(14));
      await type(local(second(17), 11));
      await stand.desk.page.keyboard.press('Enter');
      await lookUntil<number>(clock, (at) => at === second(17));
    }, 60_000);

    test('is moved by ↑ and ↓ where the cursor stands, and says what it did not understand', async () => {
      await stand.desk.page.keyboard.press('End');
      await stand.desk.page.keyboard.press('ArrowUp');
      await stand.desk.page.keyboard.press('ArrowUp');
      await lookUntil<number>(clock, (at) => at === second(19));
      await type('下午三点');
      expect(await stand.desk.texts('.instant [role="alert"]')).toEqual([
        expect.stringContaining('24 小时制'),
      ]);
      await stand.desk.page.keyboard.press('Escape');
      expect(await look(clock)).toBe(second(19));
    }, 60_000);
  });

  describe('pointing at the time line', () => {
    /** The number of the frame that the little picture shows. */
    const shown = readBars('[data-testid="hover-card"] img');

    test('shows the instant and the picture of the segment that lies there', async () => {
      await open(
        `/playback?cameras=zz-camera,dz-camera&at=${second(20)}`,
        '[data-row="camera zz-camera"] .bar',
      );
      for (let times = 0; times < 6; times += 1) await stand.desk.page.keyboard.press('+');
      for (const seconds of [5, 13]) {
        await point(second(seconds), 30);
        const segment = Math.floor(seconds / 4) * 4;
        await lookUntil<number | null>(shown, (frame) => frame === (segment * 1000) / FRAME_MS);
        expect(await look(card('textContent'))).toMatch(/^\d\d:\d\d:\d\d涿州市 · zz 摄像机$/);
      }
    }, 60_000);

    test('says where nothing was recorded: in a gap, and of another camera', async () => {
      await point(second(28), 30);
      await lookUntil<string>(card('textContent'), (text) => text.startsWith('无录像'));
      await point(second(5));
      await lookUntil<string>(card('textContent'), (text) => /^无录像.*dz 摄像机$/.test(text));
    }, 60_000);

    test('shows the words of a mark', async () => {
      await stand.desk.page.hover('[data-testid="time-mark"]');
      await lookUntil<string>(card('textContent'), (text) => /受理.*R-1/.test(text));
    }, 60_000);

    test('is written down as playing is, not picture by picture', async () => {
      const { centre } = stand;
      const cookie = await centre.signIn('admin');
      const { entries } = (await centre.call('GET /api/audit?limit=200', { cookie })).body as AuditPage;
      const played = entries.filter(({ action }) => action === 'recording.played');
      expect(played.map(({ actor, object }) => [actor, object])).toEqual([['inspector', 'zz-camera']]);
    }, 60_000);
  });

  describe('a clip from the replay of a case', () => {
    const clips = async () => {
      const cookie = await stand.centre.signIn('inspector');
      return (await stand.centre.call('GET /api/clips?caseId=130681:R-1', { cookie })).body as Clip[];
    };
    const listed = (wanted: (texts: string[]) => boolean) =>
      stand.desk.textsUntil('[data-testid="clip"]', wanted);
    const exporting = async () => {
      await stand.desk.page.click('[data-testid="export"]');
      await stand.desk.page.waitForSelector('dialog input[name="reason"]');
    };

    test('is of what led to the step and came of it, with the case’s number, and can be downloaded', async () => {
      await open(`/cases/130681%3AR-1?at=${second(36)}`, '[data-testid="export"]:not(:disabled)');
      await lookUntil<number>(clock, (at) => at === second(36));
      await exporting();
      expect(await look(`document.querySelector('dialog input[name="reason"]').value`)).toBe('办件 R-1');
      await stand.desk.page.type('dialog input[name="reason"]', '：核对材料');
      await stand.desk.page.click('dialog button[type="submit"]');
      await listed(([text]) => text?.includes('下载 MP4') ?? false);
      expect(await clips()).toMatchObject([
        { from: second(6), to: second(96), reason: '办件 R-1：核对材料', camera: 'zz-camera', state: 'done' },
      ]);
      const film = await look(`document.querySelector('[data-testid="clip"] a').getAttribute('href')`);
      expect(film).toBe(`/api/clips/${(await clips())[0]?.id}/file`);
    }, 60_000);

    test('is of what is marked with I and O, and says why it could not be made', async () => {
      const { page } = stand.desk;
      await open(`/cases/130681%3AR-1?at=${second(200)}`, '[data-testid="export"]:not(:disabled)');
      await page.keyboard.press('i');
      await page.keyboard.press('ArrowRight');
      await lookUntil<number>(clock, (at) => at === second(205));
      await page.keyboard.press('o');
      await exporting();
      await page.click('dialog button[type="submit"]');
      const [failed] = await listed(([text]) => text?.includes('失败') ?? false);
      expect(failed).toContain('该时段没有录像');
      expect((await clips())[0]).toMatchObject({ from: second(200), to: second(205), state: 'failed' });
    }, 60_000);
  });

  describe('a screen alone', () => {
    const state = `document.querySelector('[data-testid="screen-playback"]')?.dataset.state`;
    const picture = readBars('[data-screen="zz-screen"] img');

    test('is played, and stepped through from picture to picture', async () => {
      await open(`/playback?screens=zz-screen&at=${second(5)}`, '[data-testid="screen-playback"]');
      await lookUntil<number | null>(picture, (number) => number === 1);
      for (const [key, index] of [
        ['.', 2],
        ['.', 3],
        [',', 2],
      ] as const) {
        await stand.desk.page.keyboard.press(key);
        await lookUntil<number | null>(picture, (number) => number === index);
        expect(await look(clock)).toBe(second(SHOWN[index]!));
      }
      expect(await look(`document.querySelectorAll('[data-row="screen zz-screen"] .bar').length`)).toBe(1);
      await stand.desk.page.select('[data-testid="rate"]', '8');
      await stand.desk.page.keyboard.press('l');
      await lookUntil<number | null>(picture, (number) => number === 4);
      await lookUntil<string>(state, (now) => now === 'gap');
      expect(await look(clock)).toBeGreaterThan(second(30));
    }, 60_000);

    test('has the events of its counter', async () => {
      await open(`/playback?screens=zz-screen&at=${second(1)}`, '[data-testid="time-mark"]');
      await stand.desk.page.keyboard.press('ArrowDown');
      await lookUntil<number>(clock, (at) => at === second(5));
    }, 60_000);
  });
});
