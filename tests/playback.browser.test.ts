import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordedSpans } from '@mingjing/contracts';
import { startBrowser, type TestBrowser } from './helpers/browser.ts';
import { caseEvent, freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { FRAME_MS, layRecordings, makePictures, readBars } from './helpers/timeFilm.ts';
import { until } from './helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from './helpers/wall-page.ts';

failOnLeaks();

const WITHIN_MS = 20_000;
/** What issue 4 asks for: camera, screen and time line lie so close together. */
const TOGETHER_MS = 200;
/** A minute of recordings a while ago, with nothing from second 24 to second 32. */
const FROM = Math.floor(Date.now() / 1000) * 1000 - 20 * 60_000;
const PIECES = [0, 4, 8, 12, 16, 20, 32, 36, 40, 44, 48, 52, 56].map((begin) => [begin, begin + 4] as const);
const second = (seconds: number): number => FROM + seconds * 1000;

let centre: Installation;
let media: RunningProcess;
let chromium: TestBrowser;
let desk: WallPage;
let stepSeq: number;

/** What the page shows at one moment: where its clock stands, and what the pictures themselves say. */
interface Moment {
  clock: number;
  line: number;
  states: Record<string, string>;
  camera: number | null;
  other: number | null;
  screen: number | null;
}
const MOMENT = `({
  clock: Number(document.querySelector('[data-testid="instant"]')?.dataset.at),
  line: Number(document.querySelector('[data-testid="timeline"]')?.dataset.at),
  states: Object.fromEntries(Array.from(
    document.querySelectorAll('[data-testid$="-playback"]'),
    ({ dataset }) => [dataset.camera ?? dataset.screen, dataset.state])),
  camera: ${readBars('[data-camera="zz-camera"] video')},
  other: ${readBars('[data-camera="dz-camera"] video')},
  screen: ${readBars('[data-screen="zz-screen"] img')},
})`;
async function moment(): Promise<Moment> {
  const seen = (await desk.page.evaluate(MOMENT)) as Moment;
  const instant = (frame: number | null) => (frame === null ? null : FROM + frame * FRAME_MS);
  return { ...seen, camera: instant(seen.camera), other: instant(seen.other) };
}
const momentUntil = (wanted: (seen: Moment) => boolean) => until(moment, wanted, WITHIN_MS);
/** The middle of a frame is as far from its neighbours as can be. */
const apart = (one: number | null, other: number): number =>
  one === null ? Infinity : Math.abs(one + FRAME_MS / 2 - other);
const together = (seen: Moment): boolean =>
  apart(seen.camera, seen.clock) <= TOGETHER_MS && Math.abs(seen.line - seen.clock) <= TOGETHER_MS;

/**
 * Prints distances, in ms, in short.
 * @returns the 95th percentile: machines are shared, and one frame may come late for reasons of theirs
 */
function print(what: string, found: readonly number[]): number {
  const distances = found.toSorted((one, other) => one - other);
  const at = (share: number) => distances[Math.floor((distances.length - 1) * share)] ?? Infinity;
  process.stdout.write(`${what}: ${at(0.5)} ms apart, p95 ${at(0.95)}, at most ${at(1)}\n`);
  return at(0.95);
}

async function open(address: string, sign: string): Promise<void> {
  await desk.page.goto(centre.url + address);
  await desk.page.waitForSelector(sign);
}

/** Presses the time line at an instant. */
async function press(at: number): Promise<void> {
  const track = (await desk.page.$('[role="slider"]'))!;
  const box = (await track.boundingBox())!;
  const view = (await desk.page.evaluate(
    `({ ...document.querySelector('[data-testid="timeline"]').dataset })`,
  )) as { from: string; to: string };
  const share = (at - Number(view.from)) / (Number(view.to) - Number(view.from));
  await desk.page.mouse.click(box.x + box.width * share, box.y + box.height - 8);
}

async function recordedByMedia(): Promise<void> {
  const cookie = await centre.signIn('admin');
  const asked = `GET /api/recordings/spans?cameras=zz-camera,dz-camera&from=${FROM - 1000}&to=${second(90)}`;
  await until(
    async () => (await centre.call(asked, { cookie })).body as RecordedSpans[],
    (cameras) =>
      Array.isArray(cameras) && cameras.every(({ spans }) => (spans.at(-1)?.to ?? 0) >= second(60) - 1000),
    WITHIN_MS,
  );
}

async function fillCentre(): Promise<void> {
  const pictures = await makePictures(60);
  const token = centre.tokens['media']!;
  const captured = [];
  for (const [index, bytes] of pictures.entries()) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await centre.call(`PUT /api/ingest/blobs/${sha256}`, { token, body: bytes });
    const image = { sha256, mediaType: 'image/jpeg', width: 320, height: 180, bytes: bytes.length };
    const at = new Date(second(index)).toISOString();
    captured.push(
      caseEvent('screen.captured', at, { screen: 'zz-screen', changed: true, image, masked: true }),
    );
  }
  await centre.post('media', captured);
  const at = (seconds: number) => new Date(second(seconds)).toISOString();
  const where = { caseNo: 'R-1', hall: 'zz-hall', counter: 'zz-1', officer: 'zz-officer' };
  await centre.post('zz-approval', [
    caseEvent('case.accepted', at(5), { ...where, matter: 'permit', department: 'zz-housing' }),
    caseEvent('case.stage.started', at(15), { ...where, stage: '审查' }),
    caseEvent('case.stage.completed', at(41), { ...where, stage: '审查' }),
    caseEvent('case.stage.started', at(3600 * -48), { caseNo: 'R-2', stage: '受理', hall: 'zz-hall' }),
  ]);
  await centre.settled();
  const found = await centre.pool.query<{ seq: number }>(
    `SELECT seq FROM observation WHERE kind = 'case.stage.started' AND case_id = '130681:R-1'`,
  );
  stepSeq = Number(found.rows[0]?.seq);
}

describe('playback', () => {
  beforeAll(async () => {
    const port = await freePort();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'mingjing-media-'));
    const env = { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` };
    [centre] = await Promise.all([
      openInstallation({ env }),
      builtPages(),
      layRecordings(dataDir, 'zz-camera', FROM, PIECES),
      layRecordings(dataDir, 'dz-camera', FROM, PIECES.slice(0, 6)),
    ]);
    // The other camera was recorded without the gap, so that one has a picture where the other has none.
    await layRecordings(dataDir, 'dz-camera', FROM, [[24, 60]]);
    media = await startMedia({
      ...{ centreUrl: centre.url, token: centre.tokens['media']!, ticketKey: centre.secrets.ticketKey },
      ...{ dataDir, env: { MINGJING_MEDIA_PORT: String(port), MINGJING_MEDIA_MIN_FREE_BYTES: '0' } },
    });
    await Promise.all([fillCentre(), recordedByMedia()]);
    chromium = await startBrowser({ width: 1366, height: 768 });
    desk = await openWallPage(chromium.browser, `${centre.url}/cases`, 'inspector');
  }, 240_000);

  afterEach(() => {
    // The cameras themselves are not there: a live still of one is none.
    expect(desk.troubles().filter((said) => !said.includes('/still/'))).toEqual([]);
  });

  afterAll(async () => {
    await chromium.close();
    await media.stop();
    await centre.close();
  }, 60_000);

  describe('the page', () => {
    test('opens at the instant of its address, and says so in picture, field and time line', async () => {
      await open(`/playback?cameras=zz-camera&at=${second(10) + 500}`, '[data-testid="camera-playback"]');
      const seen = await momentUntil(
        ({ states, camera }) => states['zz-camera'] === 'showing' && camera !== null,
      );
      expect(seen).toMatchObject({ clock: second(10) + 500, line: second(10) + 500 });
      const still = await momentUntil(together);
      expect(apart(still.camera, still.clock)).toBeLessThanOrEqual(FRAME_MS / 2);
    }, 60_000);

    test('steps frame by frame', async () => {
      const before = await momentUntil(together);
      await desk.page.keyboard.press('.');
      const on = await momentUntil(({ camera }) => camera === before.camera! + FRAME_MS);
      expect(on.clock).toBe(before.clock + FRAME_MS);
      await desk.page.keyboard.press(',');
      await desk.page.keyboard.press(',');
      await momentUntil(({ camera }) => camera === before.camera! - FRAME_MS);
    }, 60_000);

    test('plays at the rate of time, the picture with the clock', async () => {
      await desk.page.keyboard.press(' ');
      const begun = await momentUntil((seen) => seen.clock > second(11) + 500 && together(seen));
      const distances: number[] = [];
      const lines: number[] = [];
      while ((await moment()).clock < begun.clock + 5000) {
        const seen = await moment();
        distances.push(Math.round(apart(seen.camera, seen.clock)));
        lines.push(Math.round(Math.abs(seen.line - seen.clock)));
      }
      expect(print('camera and clock at 1×', distances)).toBeLessThanOrEqual(TOGETHER_MS);
      expect(print('time line and clock at 1×', lines)).toBeLessThanOrEqual(TOGETHER_MS);
    }, 90_000);

    test('goes where the time line is pressed, and on from there', async () => {
      await press(second(50));
      const seen = await momentUntil((now) => now.clock > second(45) && together(now));
      expect(seen.states).toEqual({ 'zz-camera': 'showing' });
      const on = await momentUntil((now) => now.clock > seen.clock + 1000 && together(now));
      expect(on.camera!).toBeGreaterThan(seen.camera!);
    }, 60_000);

    test('plays eight times as fast, and the picture keeps up', async () => {
      await open(`/playback?cameras=zz-camera&at=${second(1)}&rate=8`, '[data-testid="camera-playback"]');
      await momentUntil(together);
      await desk.page.keyboard.press(' ');
      const seen = await momentUntil(({ clock }) => clock > second(12));
      // At eight times the speed a fifth of a second of the clock is 25 ms: what is asked is that it follows.
      expect(apart(seen.camera, seen.clock)).toBeLessThanOrEqual(TOGETHER_MS * 8);
      await desk.page.keyboard.press('k');
      const still = await momentUntil(together);
      expect(still.clock).toBeLessThan(second(24));
    }, 60_000);

    test('shows a gap as a gap, and leads over it', async () => {
      await open(`/playback?cameras=zz-camera,dz-camera&at=${second(28)}`, '[data-camera="dz-camera"]');
      const seen = await momentUntil(
        ({ states }) => states['zz-camera'] === 'gap' && states['dz-camera'] === 'showing',
      );
      await momentUntil(({ other, clock }) => apart(other, clock) <= TOGETHER_MS);
      expect(seen.states).toEqual({ 'zz-camera': 'gap', 'dz-camera': 'showing' });
      expect(await desk.texts('[data-camera="zz-camera"] .over')).toEqual([
        expect.stringMatching(/^此时无录像.*下一段录像/s),
      ]);
      await desk.page.click('[data-camera="zz-camera"] button');
      const there = await momentUntil(
        ({ states, clock }) => states['zz-camera'] === 'showing' && clock === second(32),
      );
      expect(there.line).toBe(second(32));
      await momentUntil((now) => together(now) && apart(now.other, now.clock) <= TOGETHER_MS);
    }, 60_000);

    test('plays two cameras in step', async () => {
      await desk.page.keyboard.press('l');
      const distances: number[] = [];
      await momentUntil(({ clock }) => clock > second(33));
      while ((await moment()).clock < second(37)) {
        const { camera, other } = await moment();
        distances.push(Math.abs((camera ?? 0) - (other ?? Infinity)));
      }
      expect(print('two cameras at 1×', distances)).toBeLessThanOrEqual(TOGETHER_MS);
    }, 60_000);

    test('has the events of the counter as marks, and goes from one to the next', async () => {
      await open(`/playback?cameras=zz-camera&at=${second(1)}`, '[data-testid="time-mark"]');
      await desk.page.keyboard.press('ArrowDown');
      await momentUntil(({ clock }) => clock === second(5));
      await desk.page.keyboard.press('ArrowDown');
      await momentUntil((seen) => seen.clock === second(15) && together(seen));
      expect(await desk.texts('[data-testid="mark-note"]')).toEqual([
        expect.stringMatching(/环节开始.*R-1.*审查.*打开办件/s),
      ]);
      // What is looked at stands in the address.
      await until(
        () => desk.page.url(),
        (url) => url.includes(`at=${second(15)}`),
        WITHIN_MS,
      );
    }, 60_000);
  });

  describe('the replay of a case', () => {
    const whole = (seen: Moment): boolean =>
      together(seen) && seen.screen === Math.floor((seen.clock - FROM) / 1000);

    test('begins at a step of the course: camera, screen and course at that second', async () => {
      await open('/cases/130681%3AR-1', '[data-testid="case-event"]');
      await desk.page.evaluate(
        `document.querySelector('[data-kind="case.stage.started"] [data-testid="replay-step"]').click()`,
      );
      const seen = await momentUntil((now) => now.clock === second(15) && whole(now));
      expect(seen.states).toEqual({ 'zz-camera': 'showing', 'zz-screen': 'showing' });
      expect(await desk.texts('[data-kind="case.stage.started"] .now')).toEqual(['回放中']);
    }, 60_000);

    test('moves all three together, pressed and played', async () => {
      await press(second(45) + 400);
      const seen = await momentUntil((now) => now.clock > second(42) && whole(now));
      expect(await desk.texts('[data-kind="case.stage.completed"] .now')).toEqual(['回放中']);
      await desk.page.keyboard.press(' ');
      const distances: number[] = [];
      const screens: boolean[] = [];
      await momentUntil(({ clock }) => clock > seen.clock + 1000);
      while ((await moment()).clock < seen.clock + 5000) {
        const now = await moment();
        const into = (now.clock - FROM) % 1000;
        distances.push(Math.round(apart(now.camera, now.clock)));
        // A fifth of a second after it changed the screen shows what it showed.
        if (into > TOGETHER_MS && into < 1000 - TOGETHER_MS)
          screens.push(now.screen === Math.floor((now.clock - FROM) / 1000));
      }
      expect(print('camera and clock in the replay', distances)).toBeLessThanOrEqual(TOGETHER_MS);
      expect(screens.filter((right) => right).length).toBeGreaterThanOrEqual(0.95 * screens.length);
      expect(screens).not.toEqual([]);
    }, 90_000);

    test('is opened by its address: by a step, and by an instant', async () => {
      await open(`/cases/130681%3AR-1?at=${stepSeq}`, '[data-testid="replay"]');
      await momentUntil((now) => now.clock === second(15) && whole(now));
      await open(`/cases/130681%3AR-1?at=${second(33) + 300}`, '[data-testid="replay"]');
      await momentUntil((now) => now.clock === second(33) + 300 && whole(now));
    }, 90_000);

    test('says what there is not: no recording then, and no camera there', async () => {
      await open(`/cases/130681%3AR-1?at=${second(-3600)}`, '[data-testid="replay"]');
      const seen = await momentUntil(
        ({ states }) => states['zz-camera'] === 'gap' && states['zz-screen'] === 'gap',
      );
      expect(seen.clock).toBe(second(-3600));
      await open(`/cases/130681%3AR-2?at=${second(10)}`, '[data-testid="no-camera"]');
      expect(
        await desk.textsUntil('[data-testid="no-camera"]', ([text]) => text?.includes('没有') ?? false),
      ).toEqual(['这一步没有可回放的摄像机']);
    }, 60_000);
  });
});
