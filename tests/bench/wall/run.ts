/**
 * Keeps a wall of 16 tiles going: npm run bench -- wall-soak. Progress goes to standard error, and one line of JSON,
 * the figures, to standard output. MINUTES says how long, 30 unless told.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../../../scripts/bench/suite.ts';
import openDatabases from '../../helpers/global-setup.ts';
import closeDatabases from '../../helpers/global-teardown.ts';
import { until } from '../../helpers/until.ts';
import { COUNT_PEERS, LOOKED_AT, takeSample, type Looked, type Sample } from './sample.ts';
import { courseOf } from './slope.ts';
import { openWallStand, type WallStand } from './stand.ts';

const MINUTES = Number(process.env['MINUTES'] ?? 30);
const CAMERAS = 24;
const TILES = 16;
/** How long a layout stands, ms: a patrol that is some ten times as fast as one for people. */
const DWELL_MS = 3_000;
/** What a round goes through, from 16 tiles and back to them. */
const ROUND = ['preset:9', 'preset:4', 'preset:16', 'page', 'preset:6', 'enlarge', 'preset:16'];
/** The first rounds fill caches and compile: nothing is held against them. */
const WARM_UP_SHARE = 0.25;

const log = (line: string) => process.stderr.write(`${line}\n`);

/** How many tiles there are, and how many cameras that have a place to play do not. */
const PLAYING = `(() => {
  const tiles = [...document.querySelectorAll('[data-testid="camera-tile"]:not([data-state="still"])')];
  const playing = tiles.filter((tile) => tile.dataset.state === 'live' && tile.querySelector('video').videoWidth > 0);
  return [document.querySelectorAll('[data-cell]').length, tiles.length - playing.length];
})()`;

async function step({ wall: { page } }: WallStand, what: string): Promise<void> {
  if (what === 'page') await page.keyboard.press('PageDown');
  else if (what === 'enlarge') {
    await page.focus('[data-testid="camera-tile"]');
    await page.keyboard.press('Enter');
    await sleep(DWELL_MS / 2);
    await page.keyboard.press('Enter');
  } else await page.select('[data-testid="layout-picker"]', what);
}

async function settled({ wall: { page } }: WallStand): Promise<void> {
  const look = async () => (await page.evaluate(PLAYING)) as [number, number];
  await until(look, ([tiles, dark]) => tiles === TILES && dark === 0, 60_000);
}

function figuresOf(samples: readonly { at: number; sample: Sample }[]): Figure[] {
  const names = Object.keys(LOOKED_AT) as Looked[];
  return names.map((name): Figure => {
    const { unit, tolerance } = LOOKED_AT[name];
    const course = courseOf(
      samples.map(({ at, sample }) => ({ at, value: sample[name] })),
      tolerance,
    );
    const round = (value: number): string => value.toFixed(1);
    log(
      `${name.padEnd(32)} ${round(course.first)} → ${round(course.last)} ${unit}, grown ${round(course.grown)}, ` +
        `noise ${round(course.noise)}: ${course.flat ? 'flat' : 'GROWS'}`,
    );
    const bar = Math.max(3 * course.noise, 0.05 * course.middle, tolerance);
    const said = `${name}, growth in ${MINUTES} min at ${round(course.middle)} ${unit}`.trim();
    return {
      suite: 'wall-soak',
      name: said,
      value: course.grown,
      unit,
      peer: null,
      ratio: null,
      bar,
      pass: course.flat,
    };
  });
}

async function soak(stand: WallStand): Promise<Figure[]> {
  const { page } = stand.wall;
  await page.evaluateOnNewDocument(COUNT_PEERS);
  await page.reload();
  await page.waitForSelector('[data-testid="layout-picker"]');
  const devtools = await page.createCDPSession();
  await devtools.send('Performance.enable');
  await page.select('[data-testid="layout-picker"]', 'preset:16');
  // Only the soak turns pages: what stands when it is counted must not depend on the moment.
  await page.click('[data-testid="turning"]');
  await settled(stand);
  const begun = performance.now();
  const samples: { at: number; sample: Sample }[] = [];
  while (performance.now() - begun < MINUTES * 60_000) {
    for (const what of ROUND) {
      await step(stand, what);
      await sleep(DWELL_MS);
    }
    // Back on the first page of 16, with every picture: what is counted is counted in the same state.
    await page.keyboard.press('PageUp');
    await settled(stand);
    await sleep(7_000);
    const sample = await takeSample(stand, devtools);
    samples.push({ at: performance.now() - begun, sample });
    log(`${((performance.now() - begun) / 60_000).toFixed(1)} min: ${JSON.stringify(sample)}`);
  }
  const kept = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  if (kept.length < 3) throw new Error(`${MINUTES} min gave ${kept.length} samples; expected 3 or more`);
  return figuresOf(kept);
}

await openDatabases();
try {
  const stand = await openWallStand(CAMERAS, { width: 1920, height: 1080 });
  try {
    process.stdout.write(`${JSON.stringify(await soak(stand))}\n`);
  } finally {
    await stand.close();
  }
} finally {
  await closeDatabases();
}
