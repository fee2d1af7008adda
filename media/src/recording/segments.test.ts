import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Segment } from '@mingjing/contracts';
import { makeFilm, play } from '../../test/film.ts';
import { Fragments } from '../fragments/fragments.ts';
import { Catalogue } from './catalogue.ts';
import { salvage, SegmentFiles, type Found } from './files.ts';
import { SegmentWriter } from './segmentWriter.ts';

const run = promisify(execFile);
const NOON = Date.parse('2026-11-20T04:00:00Z');
const CAMERA = 'cam/涿州 ../07';

let folder: string;
let files: SegmentFiles;
let film: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingjing-recording-'));
  film = await makeFilm(10);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  files = new SegmentFiles(folder);
});

interface Recorded {
  segments: Segment[];
  problems: unknown[];
}

/** Records films, each from its instant on. */
async function record(films: [Buffer, number][], to = files): Promise<Recorded> {
  const recorded: Recorded = { segments: [], problems: [] };
  const writer = new SegmentWriter({
    ...{ camera: CAMERA, files: to, segmentMs: 4000 },
    onSegment: (segment) => recorded.segments.push(segment),
    onProblem: (problem) => recorded.problems.push(problem),
  });
  const fragments = new Fragments();
  const leave = fragments.subscribe(writer);
  for (const [one, from] of films) play(one, fragments, from);
  leave();
  await writer.close();
  return recorded;
}

async function found(): Promise<Found[]> {
  const all: Found[] = [];
  for await (const one of files.all()) all.push(one);
  return all.sort((a, b) => a.startedAt - b.startedAt);
}

async function lengthOf(file: string): Promise<number> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', file],
  ]);
  return Number(stdout) / 15;
}

describe('a recording', () => {
  test('lies in segments that begin with a key frame, follow one another and play by themselves', async () => {
    const { segments, problems } = await record([[film, NOON]]);
    expect(problems).toEqual([]);
    expect(segments.map(({ startedAt, endedAt }) => [startedAt - NOON, endedAt - NOON])).toEqual([
      [0, 4000],
      [4000, 8000],
      [8000, 10_000],
    ]);
    expect(segments[1]).toMatchObject({ camera: CAMERA, width: 320, height: 180, mediaTime: 4 });
    for (const segment of segments) {
      const file = files.path(segment);
      expect((await readFile(file)).length).toBe(segment.bytes);
      expect(await lengthOf(file)).toBeCloseTo((segment.endedAt - segment.startedAt) / 1000, 1);
    }
    expect(await found()).toMatchObject(
      segments.map(({ startedAt }) => ({ camera: CAMERA, startedAt, cutOff: false })),
    );
  });

  test('begins anew where the source did, and after a clock was set', async () => {
    const hour = 3_600_000;
    const { segments } = await record([
      [film, NOON],
      [film, NOON + 60_000],
      [film, NOON - hour],
    ]);
    expect(segments.map(({ startedAt }) => startedAt - NOON)).toEqual([
      ...[0, 4000, 8000],
      ...[60_000, 64_000, 68_000],
      ...[-hour, 4000 - hour, 8000 - hour],
    ]);
  });

  test('never overlaps where a clock was set back a little, and is in time again', async () => {
    const back = 6000;
    const { segments } = await record([
      [film, NOON],
      [film, NOON + 10_000 - back],
    ]);
    // What was recorded while the clock caught up is kept, and told to be short.
    expect(segments.map(({ startedAt, endedAt }) => [startedAt - NOON, endedAt - NOON])).toEqual([
      ...[
        [0, 4000],
        [4000, 8000],
        [8000, 10_000],
      ],
      ...[
        [10_000, 10_001],
        [10_001, 12_000],
        [12_000, 14_000],
      ],
    ]);
    expect(await found()).toHaveLength(6);
  });

  test('that a crash cut off loses only its last fragment', async () => {
    const [, segment] = (await record([[film, NOON]])).segments;
    const file = files.path(segment!);
    const whole = await readFile(file);
    await writeFile(`${file}.part`, whole.subarray(0, whole.length - 100));
    await rm(file);
    const cutOff = (await found()).find(({ cutOff: cut }) => cut);
    const saved = await salvage(cutOff!);
    expect(saved).toMatchObject({ camera: CAMERA, startedAt: NOON + 4000, mediaTime: 4 });
    expect(segment!.endedAt - saved!.endedAt).toBeGreaterThan(0);
    expect(segment!.endedAt - saved!.endedAt).toBeLessThanOrEqual(270);
    expect((await readFile(file)).length).toBe(saved!.bytes);
    expect(await lengthOf(file)).toBeCloseTo((saved!.endedAt - saved!.startedAt) / 1000, 1);
    await truncate(file, 20);
    expect(await salvage({ ...cutOff!, file, cutOff: false })).toBeUndefined();
    expect((await found()).map(({ startedAt }) => startedAt - NOON)).toEqual([0, 8000]);
  });

  test('that cannot be written is given up, and the next one is tried', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const nowhere = new SegmentFiles(path.join(folder, 'file', 'below'));
    const { segments, problems } = await record([[film, NOON]], nowhere);
    expect(segments).toEqual([]);
    expect(problems).toHaveLength(3);
  });
});

describe('the catalogue', () => {
  const segment = (startedAt: number, more: Partial<Segment> = {}): Segment => ({
    ...{
      camera: 'a',
      startedAt,
      endedAt: startedAt + 4000,
      bytes: 100,
      mimeType: 'video/mp4',
      width: 1,
      height: 1,
    },
    mediaTime: 0,
    ...more,
  });
  const open = () => new Catalogue(folder);

  test('tells news once, and of what was removed only where it was told of before', () => {
    const catalogue = open();
    catalogue.add(segment(0), true);
    catalogue.add(segment(4000), true);
    catalogue.add(segment(8000), false);
    catalogue.remove(segment(4000));
    const news = catalogue.news(10);
    expect(news).toEqual({ added: [segment(0)], removed: [] });
    // Deleted while the centre was being told.
    catalogue.remove(segment(0));
    catalogue.told(news);
    expect(catalogue.news(10)).toEqual({ added: [], removed: [{ camera: 'a', startedAt: 0 }] });
    catalogue.told(catalogue.news(10));
    expect(catalogue.news(10)).toEqual({ added: [], removed: [] });
    catalogue.close();
  });

  test('keeps what an alert wants, and what is evidence whatever asks for room', () => {
    const catalogue = open();
    for (const at of [0, 4000, 8000, 12_000]) catalogue.add(segment(at), false);
    catalogue.order([
      { camera: 'a', from: 5000, to: 9000, why: 'alert' },
      { camera: 'a', from: 0, to: 1000, why: 'evidence' },
    ]);
    expect(catalogue.unwanted(100_000).map(({ startedAt }) => startedAt)).toEqual([12_000]);
    expect(catalogue.oldest(10).map(({ startedAt }) => startedAt)).toEqual([4000, 8000, 12_000]);
    const byAge = catalogue.expired({ camera: 'a', before: 10_000, keepBytes: null });
    expect(byAge.map(({ startedAt }) => startedAt)).toEqual([4000]);
    const byBytes = catalogue.expired({ camera: 'a', before: 0, keepBytes: 250 });
    expect(byBytes.map(({ startedAt }) => startedAt)).toEqual([4000, 8000]);
    catalogue.order([]);
    expect(catalogue.oldest(1).map(({ startedAt }) => startedAt)).toEqual([0]);
    catalogue.close();
    const again = open();
    expect(again.between('a', 3000, 9000).map(({ startedAt }) => startedAt)).toEqual([0, 4000, 8000]);
    expect(again.lastEnd('a')).toBe(16_000);
    expect(again.oldestUnwanted()).toBe(12_000);
    again.close();
  });

  test('keeps the recordings of a camera that is gone as long as its plan said', () => {
    const catalogue = open();
    const recording = { mode: 'continuous' as const, beforeSeconds: 0, afterSeconds: 0, keepDays: 7 };
    const place = { name: 'a', region: '130681', hall: null, counter: null };
    const source = { kind: 'generated' as const, label: '', pattern: 0 };
    catalogue.setPlans([{ id: 'a', ...place, source, recording: { ...recording, keepBytes: 500 } }]);
    catalogue.setPlans([{ id: 'b', ...place, source, recording: null }]);
    expect(catalogue.plans()).toEqual([{ camera: 'a', keepDays: 7, keepBytes: 500, beforeSeconds: 0 }]);
    catalogue.close();
  });
});
