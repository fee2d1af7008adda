/**
 * Walls of 16, 36 and 64 small pictures: npm run bench -- wall-tiles. Progress goes to standard error, and one line of
 * JSON, the figures, to standard output. It ends by itself: each wall has a bounded time to settle, then is measured.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { availableParallelism, loadavg } from 'node:os';
import type { Figure } from '../../../scripts/bench/suite.ts';
import openDatabases from '../../helpers/global-setup.ts';
import closeDatabases from '../../helpers/global-teardown.ts';
import { childrenOf, cpuSeconds } from '../video/cpu.ts';
import { COUNT_PEERS } from './sample.ts';
import { FPS, openWallStand, type WallStand } from './stand.ts';
import { COUNT_TILES, countTiles, type Counted } from './tilesPage.ts';

const WALLS = [16, 36, 64];
/** The wall has found its number of moving pictures when that has not changed for so long. */
const SETTLED_MS = 20_000;
const SETTLE_WITHIN_MS = 120_000;
const FIRST_PICTURE_WITHIN_MS = 60_000;
const MEASURE_MS = 15_000;
const LOOK_MS = 1_000;
/** A picture moves when it shows at least half of its frames. */
const MOVES_SHARE = 0.5;

const log = (line: string) => process.stderr.write(`${line}\n`);

function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child.pid, ...descendants(child.pid)]);
}
const PARTS = ['browser', 'media host', 'ffmpeg'] as const;
type Part = (typeof PARTS)[number];

/** Which processes belong to which part, as they are now. */
function processesOf({ chromium, media }: WallStand): Record<Part, number[]> {
  const browser = chromium.browser.process()?.pid;
  if (browser === undefined) throw new Error('the browser has no process');
  const children = childrenOf(media.pid);
  const pids = (wanted: boolean) =>
    children.filter(({ name }) => (name === 'ffmpeg') === wanted).map(({ pid }) => pid);
  return {
    browser: [browser, ...descendants(browser)],
    'media host': [media.pid, ...pids(false)],
    ffmpeg: pids(true),
  };
}

/** Processes that end meanwhile are not counted: what they used is not known any more. */
function usedBy(pids: readonly number[]): Map<number, number> {
  return new Map(
    pids.flatMap((pid) => {
      try {
        return [[pid, cpuSeconds([pid])] as const];
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    }),
  );
}

/** Waits until the number of moving pictures stands, for a bounded time. */
async function settle({ wall: { page } }: WallStand): Promise<Counted> {
  const begun = performance.now();
  let counted = await countTiles(page);
  let since = performance.now();
  while (performance.now() - since < SETTLED_MS && performance.now() - begun < SETTLE_WITHIN_MS) {
    await sleep(LOOK_MS);
    const next = await countTiles(page);
    if (next.stills !== counted.stills) since = performance.now();
    counted = next;
  }
  return counted;
}

/** Opens the wall anew, with its pages held: every tile keeps its camera. */
async function reopen({ wall: { page } }: WallStand): Promise<void> {
  await page.reload();
  await (await page.waitForSelector('[data-testid="turning"]'))?.click();
}

/** Waits, for a bounded time, until every tile has a picture and every one that may move does. */
async function pictured({ wall: { page } }: WallStand): Promise<Counted> {
  const begun = performance.now();
  for (;;) {
    const counted = await countTiles(page);
    const late = performance.now() - begun > FIRST_PICTURE_WITHIN_MS;
    if ((counted.whole !== null && counted.moving !== null) || late) return counted;
    await sleep(LOOK_MS / 4);
  }
}

function figure(tiles: number, name: string, value: number, unit: string): Figure {
  const said = `${tiles} tiles: ${name}`;
  const none = { peer: null, ratio: null, bar: null, pass: null };
  return { suite: 'wall-tiles', name: said, value: Number(value.toFixed(3)), unit, ...none };
}

/** Opens a wall of so many tiles twice: its cameras run the second time. @returns when its pictures were there */
async function openWall(stand: WallStand, tiles: number): Promise<Counted> {
  const { page } = stand.wall;
  const remembered = page.waitForResponse(
    (answer) => answer.url().endsWith('/api/layout-choice') && answer.request().method() === 'PUT',
  );
  await page.select('[data-testid="layout-picker"]', `preset:${tiles}`);
  await remembered;
  await reopen(stand);
  await pictured(stand);
  await reopen(stand);
  const opened = await pictured(stand);
  await settle(stand);
  return opened;
}

async function measure(stand: WallStand, tiles: number): Promise<Figure[]> {
  const { page } = stand.wall;
  const opened = await openWall(stand, tiles);
  const parts = processesOf(stand);
  const cpuBefore = new Map(PARTS.map((part) => [part, usedBy(parts[part])]));
  const before = await countTiles(page);
  await sleep(MEASURE_MS);
  const after = await countTiles(page);
  const seconds = (after.at - before.at) / 1000;
  const gains = Object.entries(after.tiles).map(([camera, frames]) => frames - (before.tiles[camera] ?? 0));
  const playing = gains.length;
  const shown = gains.reduce((sum, frames) => sum + Math.max(0, frames), 0);
  const came = after.came - before.came;
  const expected = FPS * seconds;
  const cpu = PARTS.map((part) => {
    const now = usedBy(parts[part]);
    let used = 0;
    for (const [pid, begun] of cpuBefore.get(part) ?? []) used += (now.get(pid) ?? begun) - begun;
    return figure(tiles, `CPU of ${part}`, (used / seconds) * 100, '% of a core');
  });
  const never = FIRST_PICTURE_WITHIN_MS;
  const cameras = parts.ffmpeg.length;
  if (cameras < playing)
    log(`${tiles} tiles: this machine bears ${cameras} cameras of ${playing} that are watched`);
  return [
    figure(tiles, 'cameras that run', cameras, ''),
    figure(tiles, 'pictures that may move', playing, ''),
    figure(
      tiles,
      'pictures that move',
      gains.filter((frames) => frames >= expected * MOVES_SHARE).length,
      '',
    ),
    figure(tiles, 'frames shown a second and picture', shown / seconds / Math.max(1, playing), `of ${FPS}`),
    figure(
      tiles,
      'frames decoded of those expected',
      (after.decoded - before.decoded) / (expected * Math.max(1, playing)),
      '',
    ),
    figure(
      tiles,
      'frames that came and were not shown',
      came > 0 ? Math.max(0, 1 - shown / came) : 0,
      'share',
    ),
    figure(
      tiles,
      'main thread: long tasks',
      (after.longTasks.count - before.longTasks.count) / seconds,
      'a second',
    ),
    figure(
      tiles,
      'main thread: share in long tasks',
      (after.longTasks.ms - before.longTasks.ms) / (seconds * 1000),
      'share',
    ),
    figure(tiles, 'every tile has a picture after', (opened.whole ?? never) / 1000, 's'),
    figure(tiles, 'every picture that may move does after', (opened.moving ?? never) / 1000, 's'),
    ...cpu,
  ];
}

async function measureAll(stand: WallStand): Promise<Figure[]> {
  const { page } = stand.wall;
  await page.evaluateOnNewDocument(COUNT_PEERS);
  await page.evaluateOnNewDocument(COUNT_TILES);
  await reopen(stand);
  const figures: Figure[] = [];
  for (const tiles of WALLS) {
    const found = await measure(stand, tiles);
    for (const { name, value, unit } of found) log(`${name.padEnd(52)} ${value} ${unit}`);
    const busy = (loadavg()[0] ?? 0) / availableParallelism();
    if (busy > 1.5)
      log(
        `${tiles} tiles: the machine has ${busy.toFixed(1)} times as much to do as it has cores: it bounds the figures`,
      );
    figures.push(...found);
  }
  return figures;
}

await openDatabases();
try {
  const stand = await openWallStand(Math.max(...WALLS), { width: 1920, height: 1080 }, { patient: true });
  try {
    process.stdout.write(`${JSON.stringify(await measureAll(stand))}\n`);
  } finally {
    await stand.close();
  }
} finally {
  await closeDatabases();
}
