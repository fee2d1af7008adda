import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Segment } from '@mingjing/contracts';
import { makeFilm, play } from '../../test/film.ts';
import { Fragments } from '../fragments/fragments.ts';
import { codeOf } from '../modules.ts';
import { Catalogue } from './catalogue.ts';
import { SegmentFiles } from './files.ts';
import { Room } from './room.ts';
import { SegmentWriter } from './segmentWriter.ts';

const run = promisify(execFile);
const NOON = Date.parse('2026-11-20T04:00:00Z');
const MIB = 1024 * 1024;

let folder: string;
let film: Buffer;
/** Only an administrator of the machine may mount a small disk. */
let refusal: string | undefined;
let files: SegmentFiles;
let catalogue: Catalogue;
let recorded: Segment[];
let problems: unknown[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingjing-room-'));
  // Some 2 MiB in 8 segments.
  film = await makeFilm(8, '-qp', '4');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  refusal = await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'mingjing-test', folder]).then(
    () => undefined,
    (problem: unknown) => String(problem),
  );
  files = new SegmentFiles(path.join(folder, 'recordings'));
  catalogue = new Catalogue(path.join(folder, 'recordings'));
  [recorded, problems] = [[], []];
});
afterEach(async () => {
  catalogue.close();
  if (refusal === undefined) await run('umount', [folder]);
});

const onDisk = (what: string, body: () => Promise<void>) =>
  test(what, async () => {
    if (refusal === undefined) await body();
    else process.stderr.write(`skipped, no small disk could be mounted: ${refusal}\n`);
  });

/** Records the film again from an instant on. */
async function record(from: number): Promise<void> {
  const writer = new SegmentWriter({
    ...{ camera: 'cam', files, segmentMs: 1000 },
    onSegment: (segment) => {
      recorded.push(segment);
      catalogue.add(segment, true);
    },
    onProblem: (problem) => problems.push(problem),
  });
  const fragments = new Fragments();
  const leave = fragments.subscribe(writer);
  play(film, fragments, from);
  leave();
  await writer.close();
}

const room = (minFreeBytes: number) =>
  new Room({
    ...{ folder, catalogue, minFreeBytes },
    remove: async (segment) => {
      await files.remove(segment);
      catalogue.remove(segment);
    },
  });

const evidence = (from: number, to: number) =>
  catalogue.order([{ camera: 'cam', from, to, why: 'evidence' as const }]);
const held = () => catalogue.between('cam', 0, Number.MAX_SAFE_INTEGER);

describe('a disk that fills up', () => {
  onDisk('refuses writes, and is written to again once the oldest are gone', async () => {
    evidence(NOON, NOON + 2000);
    for (let round = 0; problems.length === 0; round += 1) await record(NOON + round * 10_000);
    expect(problems.map(codeOf)).toContain('ENOSPC');
    const before = held();
    const own = room(0);
    await own.look(true);
    expect(own.state).toMatchObject({ state: 'low' });
    expect(own.open).toBe(true);
    // What an evidence order covers is still there; the oldest of the rest are not.
    expect(held().slice(0, 2)).toEqual(before.slice(0, 2));
    expect(held().length).toBeLessThan(before.length);
    problems = [];
    const from = NOON + 3_600_000;
    await record(from);
    expect(problems).toEqual([]);
    expect(held().filter(({ startedAt }) => startedAt >= from)).toHaveLength(8);
    for (const segment of held()) expect(await files.holds(segment)).toBe(true);
  });

  onDisk('records no more when everything is evidence, and again once there is room', async () => {
    await record(NOON);
    evidence(0, NOON + 3_600_000);
    await mkdir(path.join(folder, 'others'));
    await writeFile(path.join(folder, 'others', 'big'), Buffer.alloc(8 * MIB));
    const own = room(10 * MIB);
    await own.look();
    expect(own.state).toMatchObject({ state: 'full' });
    expect(own.open).toBe(false);
    expect(held()).toEqual(recorded);
    await rm(path.join(folder, 'others', 'big'));
    await own.look();
    expect(own.state).toMatchObject({ state: 'ok', reason: null });
    expect(own.open).toBe(true);
  });

  onDisk('deletes nothing before it was heard what is evidence', async () => {
    await record(NOON);
    const own = room(15 * MIB);
    await own.look();
    expect([own.state.state, held()]).toEqual(['full', recorded]);
    evidence(NOON, NOON + 3000);
    await own.look();
    expect(held()).toEqual(recorded.slice(0, 3));
  });
});
