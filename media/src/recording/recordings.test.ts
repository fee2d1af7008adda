import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Camera, RecordingOrder, RecordingPlan, SegmentNews } from '@mingjing/contracts';
import { asyncScheduler } from 'rxjs';
import { until } from '../../../tests/helpers/until.ts';
import { makeFilm, play } from '../../test/film.ts';
import { Cameras } from '../cameras.ts';
import { Fragments } from '../fragments/fragments.ts';
import { createLog } from '../log.ts';
import { SegmentFiles } from './files.ts';
import { Recordings } from './recordings.ts';
import { SegmentWriter } from './segmentWriter.ts';

const DAY = 86_400_000;
const WITHIN_MS = 20_000;
const log = createLog('silent');

/** What the centre orders, and what it was told; it answers only while `isUp`. */
const centre = { isUp: true, orders: [] as RecordingOrder[], news: [] as SegmentNews[] };
let server: Server;
let dataDir: string;
let recordings: Recordings | undefined;

beforeEach(async () => {
  Object.assign(centre, { isUp: true, orders: [], news: [] });
  dataDir = await mkdtemp(path.join(tmpdir(), 'mingjing-recordings-'));
  server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.method === 'POST' && centre.isUp) centre.news.push(JSON.parse(body) as SegmentNews);
      response.writeHead(centre.isUp ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.method === 'POST' ? {} : centre.orders));
    });
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
});
afterEach(async () => {
  await recordings?.stop();
  server.closeAllConnections();
  server.close();
  await rm(dataDir, { recursive: true });
});

/** Lays four segments of a second each on the disk, from an instant on. */
async function lay(camera: string, from: number): Promise<void> {
  const files = new SegmentFiles(path.join(dataDir, 'recordings'));
  const writer = new SegmentWriter({
    ...{ camera, files, segmentMs: 1000, onSegment: () => undefined },
    onProblem: (problem) => {
      throw problem;
    },
  });
  const fragments = new Fragments();
  fragments.subscribe(writer);
  play(await makeFilm(4), fragments, from);
  await writer.close();
}

/** Starts with cameras that keep what they have and record nothing anew. */
async function start(plans: Record<string, Partial<RecordingPlan>>): Promise<Recordings> {
  const fixed = Object.entries(plans).map(([id, plan]): Camera => {
    const off = { mode: 'off', beforeSeconds: 0, afterSeconds: 0, keepDays: 7, keepBytes: null } as const;
    const source = { kind: 'generated', label: '', pattern: 0 } as const;
    const place = { name: id, region: '130681', hall: null, counter: null };
    return { id, ...place, source, recording: { ...off, ...plan } };
  });
  const centreUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = 'a token of a media host';
  const cameras = new Cameras({ centreUrl, token, fixed, refreshMs: 1000, scheduler: asyncScheduler, log });
  cameras.start();
  recordings = new Recordings({
    ...{ dataDir, centreUrl, token, segmentSeconds: 4, minFreeBytes: 0, cameras },
    streams: {
      of: () => {
        throw new Error('nothing is due: no stream is asked for');
      },
    },
    ...{ scheduler: asyncScheduler, log },
  });
  await recordings.start();
  return recordings;
}

const held = (own: Recordings, camera: string) => own.between(camera, 0, Number.MAX_SAFE_INTEGER);
const evidence = (camera: string, from: number, to: number): RecordingOrder => ({
  ...{ camera, from, to, why: 'evidence' },
});

describe('what a plan does not keep any more', () => {
  test('is deleted by age, evidence excepted, and the centre is told', async () => {
    const old = Date.now() - 8 * DAY;
    const young = Date.now() - 6 * DAY;
    await lay('cam', old);
    await lay('cam', young);
    centre.orders = [evidence('cam', old + 1200, old + 1800)];
    const own = await start({ cam: {} });
    const left = await until(
      () => held(own, 'cam').map(({ startedAt }) => startedAt),
      (seen) => seen.length === 5,
      WITHIN_MS,
    );
    expect(left).toEqual([old + 1000, ...[0, 1000, 2000, 3000].map((ms) => young + ms)]);
    for (const segment of held(own, 'cam')) expect(await own.files.holds(segment)).toBe(true);
    expect(await own.files.holds({ camera: 'cam', startedAt: old })).toBe(false);
    // Struck out before the centre had heard of them, or told of afterwards.
    const known = () => {
      const told = new Set<number>();
      for (const { added, removed } of centre.news) {
        for (const { startedAt } of removed) told.delete(startedAt);
        for (const { startedAt } of added) told.add(startedAt);
      }
      return [...told].sort((a, b) => a - b);
    };
    await until(
      () => known(),
      (seen) => seen.join() === left.join(),
      WITHIN_MS,
    );
  }, 60_000);

  test('goes by bytes too, the oldest first', async () => {
    const from = Date.now() - DAY;
    await lay('small', from);
    await lay('large', from);
    const own = await start({ small: { keepBytes: 1 }, large: { keepBytes: 1 << 30 } });
    const left = await until(
      () => ['small', 'large'].map((camera) => held(own, camera).length),
      ([small, large]) => small === 0 && large === 4,
      WITHIN_MS,
    );
    expect(left).toEqual([0, 4]);
  }, 60_000);

  test('stays while nobody has said yet what is evidence', async () => {
    await lay('cam', Date.now() - 8 * DAY);
    centre.isUp = false;
    const own = await start({ cam: {} });
    await until(
      () => held(own, 'cam').length,
      (seen) => seen === 4,
      WITHIN_MS,
    );
    centre.isUp = true;
    await until(
      () => held(own, 'cam').length,
      (left) => left === 0,
      WITHIN_MS,
    );
  }, 60_000);
});
