/**
 * Measures playback on this machine: npm run bench -- playback. Progress goes to standard error, and one line of JSON,
 * the figures, to standard output.
 */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cityPlanSchema, type RecordedSpans } from '@mingjing/contracts';
import { percentile, type Figure } from '../../../scripts/bench/suite.ts';
import { startBrowser } from '../../helpers/browser.ts';
import { SMALL_CITY } from '../../helpers/city.ts';
import openDatabases from '../../helpers/global-setup.ts';
import closeDatabases from '../../helpers/global-teardown.ts';
import { freePort, openInstallation } from '../../helpers/installation.ts';
import { startMedia } from '../../helpers/processes.ts';
import { FRAME_MS, layRecordings, readBars } from '../../helpers/timeFilm.ts';
import { until } from '../../helpers/until.ts';
import { builtPages, openWallPage, type WallPage } from '../../helpers/wall-page.ts';

const CAMERAS = 9;
const SEGMENT_S = 4;
const LENGTH_S = 240;
const FROM = Math.floor(Date.now() / 1000) * 1000 - 20 * 60_000;
const LAYOUTS = [1, 4, 9];
const RATES = [1, 4, 16];
/** Measured for so long, after so long to get going. In ms. */
const SETTLE_MS = 2_000;
const WINDOW_MS = 6_000;
/** What the issue asks of pictures that belong together, in ms. */
const TOGETHER_MS = 200;

const ids = Array.from({ length: CAMERAS }, (_, index) => `camera-${index + 1}`);
const log = (line: string) => process.stderr.write(`${line}\n`);

/** The same film for every camera: its frames say their number. */
async function lay(dataDir: string): Promise<void> {
  const [first = '', ...others] = ids;
  const pieces = Array.from({ length: LENGTH_S / SEGMENT_S }, (_, at) => [
    at * SEGMENT_S,
    (at + 1) * SEGMENT_S,
  ]);
  await layRecordings(dataDir, first, FROM, pieces as [number, number][]);
  const folderOf = (camera: string) =>
    path.join(dataDir, 'recordings', createHash('sha256').update(camera).digest('hex').slice(0, 32));
  for (const camera of others) {
    await cp(folderOf(first), folderOf(camera), { recursive: true });
    await writeFile(path.join(folderOf(camera), 'camera.txt'), camera);
  }
}

interface Moment {
  clock: number;
  numbers: (number | null)[];
  frames: number[];
}
const momentOf = (cameras: readonly string[]): string => `({
  clock: Number(document.querySelector('[data-testid="instant"]')?.dataset.at),
  numbers: [${cameras.map((id) => readBars(`[data-camera="${id}"] video`)).join(', ')}],
  frames: ${JSON.stringify(cameras)}.map((id) => document.querySelector('[data-camera="' + id + '"] video')
    ?.getVideoPlaybackQuality().totalVideoFrames ?? 0),
})`;

interface Measured {
  /** Between pictures and clock, in ms as they pass on the wall. */
  apart: number[];
  /** Between the cameras themselves. */
  between: number[];
  /** Pictures a second and camera. */
  pictures: number;
}

async function measure(desk: WallPage, url: string, count: number, rate: number): Promise<Measured> {
  const cameras = ids.slice(0, count);
  const look = async () => (await desk.page.evaluate(momentOf(cameras))) as Moment;
  await desk.page.goto(`${url}/playback?cameras=${cameras.join(',')}&at=${FROM + 2_000}&rate=${rate}`);
  await until(look, ({ numbers }) => numbers.every((number) => number !== null), 30_000);
  await desk.page.keyboard.press(' ');
  await until(look, ({ clock }) => clock > FROM + 2_500, 30_000);
  await sleep(SETTLE_MS);
  const [apart, between]: number[][] = [[], []];
  const [began, before] = [performance.now(), await look()];
  let last = before;
  while (performance.now() - began < WINDOW_MS) {
    last = await look();
    const shown = last.numbers.map((number) => FROM + (number ?? 0) * FRAME_MS + FRAME_MS / 2);
    apart?.push(...shown.map((at) => Math.abs(at - last.clock) / rate));
    between?.push((Math.max(...shown) - Math.min(...shown)) / rate);
    await sleep(100);
  }
  const seconds = (performance.now() - began) / 1000;
  const drawn = last.frames.reduce((sum, frames, index) => sum + frames - (before.frames[index] ?? 0), 0);
  await desk.page.keyboard.press('k');
  return { apart: apart ?? [], between: between ?? [], pictures: drawn / seconds / count };
}

function figuresOf(count: number, rate: number, { apart, between, pictures }: Measured): Figure[] {
  const figure = (name: string, value: number, unit: string, bar: number | null): Figure => ({
    ...{ suite: 'playback', name: `${name}, ${count} cameras at ${rate}×`, value, unit },
    ...{ peer: null, ratio: null, bar, pass: bar === null ? null : value <= bar },
  });
  const [p95, spread] = [percentile(apart, 0.95), percentile(between, 0.95)];
  log(
    `${count} cameras at ${rate}×: ${p95.toFixed(0)} ms from the clock, ${spread.toFixed(0)} ms from one another (p95), ` +
      `${pictures.toFixed(1)} pictures a second`,
  );
  return [
    figure('picture and clock apart, p95', p95, 'ms', TOGETHER_MS),
    ...(count > 1 ? [figure('cameras apart, p95', spread, 'ms', TOGETHER_MS)] : []),
    figure('pictures a second and camera', pictures, '/s', null),
  ];
}

async function run(): Promise<Figure[]> {
  const [port, dataDir] = [await freePort(), await mkdtemp(path.join(tmpdir(), 'mingjing-media-'))];
  log(`laying ${LENGTH_S} s of recordings for ${CAMERAS} cameras`);
  const [template] = SMALL_CITY.cameras;
  const cameras = ids.map((id) => ({ ...template, id, name: id, counter: null }));
  const [centre] = await Promise.all([
    openInstallation({
      plan: cityPlanSchema.parse({ ...SMALL_CITY, cameras }),
      env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${port}` },
    }),
    builtPages(),
    lay(dataDir),
  ]);
  const media = await startMedia({
    ...{ centreUrl: centre.url, token: centre.tokens['media'] ?? '', ticketKey: centre.secrets.ticketKey },
    ...{ dataDir, env: { MINGJING_MEDIA_PORT: String(port), MINGJING_MEDIA_MIN_FREE_BYTES: '0' } },
  });
  const chromium = await startBrowser();
  try {
    const cookie = await centre.signIn('admin');
    const end = FROM + LENGTH_S * 1000;
    const asked = `GET /api/recordings/spans?cameras=${ids.join(',')}&from=${FROM}&to=${end}`;
    await until(
      async () => (await centre.call(asked, { cookie })).body as RecordedSpans[],
      (found) => Array.isArray(found) && found.every(({ spans }) => (spans.at(-1)?.to ?? 0) > end - 2_000),
      60_000,
    );
    const desk = await openWallPage(chromium.browser, `${centre.url}/cases`, 'inspector');
    const figures: Figure[] = [];
    for (const count of LAYOUTS)
      for (const rate of RATES)
        figures.push(...figuresOf(count, rate, await measure(desk, centre.url, count, rate)));
    return figures;
  } finally {
    await chromium.close();
    await media.stop();
    await centre.close();
  }
}

await openDatabases();
try {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
} finally {
  await closeDatabases();
}
process.exit(0);
