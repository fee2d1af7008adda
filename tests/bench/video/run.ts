/**
 * Measures video on this machine: npm run bench -- video. Progress goes to standard error, and one line of JSON, the
 * figures, to standard output.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../../../scripts/bench/suite.ts';
import { percentile } from '../../../scripts/bench/suite.ts';
import { startBrowser } from '../../helpers/browser.ts';
import {
  openMediaPage,
  signTicket,
  startMediaSite,
  type MediaPage,
  type MediaSite,
} from '../../helpers/media-page.ts';
import { makeSecrets, startMedia, type RunningProcess } from '../../helpers/processes.ts';
import { childrenOf, cpuSeconds, memoryMb } from './cpu.ts';
import { startJanus } from './janus.ts';
import { ourServer } from './ourServer.ts';
import { startSource } from './source.ts';
import { Viewers } from './viewers.ts';

const ADDRESS = process.env['MEDIA_ADDRESS'] ?? '127.0.0.1';
const TOKEN = 'a token of the media host';
const REGION = '130600';
const TILES = 16;
const VIEWERS = 60;
const WINDOW_S = 15;
const ROUNDS = 2;
const JOINS = 25;
/** The bars of the issue. */
const DELAY_BAR_MS = 300;
const FIRST_PICTURE_BAR_MS = 300;

const { ticketKey } = makeSecrets();
const figures: Figure[] = [];
const log = (line: string) => process.stderr.write(`${line}\n`);

function tell(name: string, value: number, unit: string, more: Partial<Figure> = {}): void {
  figures.push({
    suite: 'video',
    name,
    value,
    unit,
    peer: null,
    ratio: null,
    bar: null,
    pass: null,
    ...more,
  });
}

function atMost(bar: number, value: number): Partial<Figure> {
  return { bar, pass: value <= bar };
}

interface Stand {
  site: MediaSite;
  media: RunningProcess;
  open(): Promise<MediaPage>;
}

const ticket = (): string => signTicket(ticketKey, REGION, Date.now() + 3_600_000);

async function joins(stand: Stand, camera: string, gop: string): Promise<void> {
  log(`late joiners of a camera with ${gop} between key frames`);
  const first = await stand.open();
  await first.watch(camera);
  await first.advances(camera, 30);
  const waits: number[] = [];
  for (let index = 0; index < JOINS; index += 1) {
    const page = await stand.open();
    await sleep(300 + ((index * 397) % 1100));
    await page.watch(camera);
    const { waitedMs } = await page.tileUntil(camera, ({ frames }) => frames > 3);
    waits.push(waitedMs ?? Number.NaN);
    await page.close();
  }
  await first.close();
  tell(`first picture of a late joiner, p50, ${gop} between key frames`, percentile(waits, 0.5), 'ms');
  const p95 = percentile(waits, 0.95);
  tell(
    `first picture of a late joiner, p95, ${gop} between key frames`,
    p95,
    'ms',
    atMost(FIRST_PICTURE_BAR_MS, p95),
  );
}

async function wall(stand: Stand): Promise<void> {
  log(`${TILES} cameras on one page`);
  const page = await stand.open();
  const cameras = Array.from({ length: TILES }, (_, index) => `wall-${index}`);
  for (const camera of cameras) await page.watch(camera);
  for (const camera of cameras) await page.advances(camera, 10);
  // Whoever has just joined is still being caught up.
  await sleep(5000);
  const processes = childrenOf(stand.media.pid);
  const ffmpegs = processes.filter(({ name }) => name === 'ffmpeg').map(({ pid }) => pid);
  const workers = processes.filter(({ name }) => name !== 'ffmpeg').map(({ pid }) => pid);
  const cpu = () => [ffmpegs, workers, [stand.media.pid]].map(cpuSeconds);
  const before = cpu();
  const began = performance.now();
  const delays = await page.delays('wall-0', WINDOW_S * 5);
  const seconds = (performance.now() - began) / 1000;
  const used = cpu().map((now, index) => ((now - (before[index] ?? 0)) / seconds) * 100);
  tell('delay from camera to screen, p50, 16 tiles', percentile(delays, 0.5), 'ms');
  const p95 = percentile(delays, 0.95);
  tell('delay from camera to screen, p95, 16 tiles', p95, 'ms', atMost(DELAY_BAR_MS, p95));
  tell('CPU of ffmpeg per camera', (used[0] ?? 0) / TILES, '% of a core');
  tell('CPU of the workers per camera and viewer', (used[1] ?? 0) / TILES, '% of a core');
  tell('CPU of the media host itself per camera', (used[2] ?? 0) / TILES, '% of a core');
  tell('memory of ffmpeg per camera', memoryMb(ffmpegs) / TILES, 'MB');
  tell('memory of media host and workers', memoryMb([...workers, stand.media.pid]), 'MB');
  await page.close();
}

const median = (values: number[]): number => percentile(values, 0.5);

async function beside(stand: Stand, camera: string, url: string): Promise<void> {
  log('beside the Janus gateway: the same camera, the same viewers');
  const janus = await startJanus(url, ADDRESS);
  const viewers = new Viewers(ADDRESS);
  const ours = ourServer(stand.media, ticket(), camera);
  // Awake for as long as it is measured, as the peer's source is.
  const keeper = await stand.open();
  await keeper.watch(camera);
  await keeper.advances(camera, 30);
  await keeper.hide(camera);
  const costs = new Map<string, number[]>([
    [ours.name, []],
    [janus.name, []],
  ]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of [ours, janus]) {
      const { mbit, cpuMsPerMbit } = await viewers.measure(server, VIEWERS, WINDOW_S);
      log(
        `${server.name}: ${VIEWERS} viewers, ${(mbit / WINDOW_S).toFixed(1)} Mbit/s, ${cpuMsPerMbit.toFixed(2)} ms of CPU per Mbit`,
      );
      costs.get(server.name)?.push(cpuMsPerMbit);
    }
  }
  const [own, peer] = [median(costs.get(ours.name) ?? []), median(costs.get(janus.name) ?? [])];
  const ratio = own / peer;
  tell(`CPU per forwarded Mbit, ${VIEWERS} viewers`, own, 'ms', {
    peer: `${janus.name} (${peer.toFixed(2)} ms)`,
    ratio,
    bar: 1,
    pass: ratio <= 1,
  });
  viewers.close();
  await keeper.close();
  await janus.stop();
}

async function main(): Promise<void> {
  const site = await startMediaSite(TOKEN);
  const [far, near] = [await startSource(150), await startSource(30)];
  const add = (id: string, url: string) =>
    site.cameras.push({
      ...{ id, name: id, region: REGION, hall: null, counter: null },
      source: { kind: 'rtsp', url },
    });
  add('far', far.url);
  add('near', near.url);
  for (let index = 0; index < TILES; index += 1) add(`wall-${index}`, near.url);
  const media = await startMedia({
    ...{ centreUrl: site.url, token: TOKEN, ticketKey },
    env: { MINGJING_MEDIA_RTC_HOST: ADDRESS, MINGJING_MEDIA_IDLE_SECONDS: '2' },
  });
  const chromium = await startBrowser({ width: 1280, height: 720 });
  const open = () => {
    const expiresAt = Date.now() + 3_600_000;
    return openMediaPage(chromium.browser, site, { url: media.url, ticket: ticket(), expiresAt });
  };
  const stand = { site, media, open };
  try {
    await joins(stand, 'near', '2 s');
    await joins(stand, 'far', '10 s');
    await wall(stand);
    await beside(stand, 'near', near.url);
  } finally {
    await chromium.close();
    await media.stop();
    await far.stop();
    await near.stop();
    await site.close();
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

await main();
process.exit(0);
