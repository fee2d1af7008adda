import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ffmpegPlan } from './args.ts';
import { probe } from './probe.ts';
import { reasonOf } from './reason.ts';
import { runFfmpeg } from './run.ts';
import type { FfmpegRun } from './run.ts';

const runs: FfmpegRun[] = [];
afterAll(() => runs.forEach((run) => run.close()));

/** Runs a real ffmpeg for one still. */
function still(source: Parameters<typeof ffmpegPlan>[0]['source'], ffmpeg = 'ffmpeg') {
  const { promise, resolve } = Promise.withResolvers<{ pictures: Buffer[]; problem: string | null }>();
  const pictures: Buffer[] = [];
  const plan = ffmpegPlan({ source, mode: 'transcode', once: true, font: 'Noto Sans CJK SC', startedAt: 0 });
  const run = runFfmpeg(ffmpeg, plan, {
    onStill: (jpeg) => pictures.push(jpeg),
    onEnd: (problem) => resolve({ pictures, problem }),
  });
  runs.push(run);
  return promise;
}

test.each(["'", '\\', '3号窗口: [a],b;c=%{n}', '-', '   ', '"$(id)"', '\u0000\n‮', '💥'.repeat(50)])(
  'burns in any label: %j',
  async (label) => {
    const { pictures, problem } = await still({ kind: 'generated', label, pattern: 7 });
    expect(problem).toBeNull();
    expect(pictures).toHaveLength(1);
  },
);

test('says why when there is nothing to show', async () => {
  expect((await still({ kind: 'file', path: '/nowhere.mp4' })).problem).toContain(
    'No such file or directory',
  );
  expect((await still({ kind: 'generated', label: 'x', pattern: 0 }, '/nowhere/ffmpeg')).problem).toContain(
    'ENOENT',
  );
});

test('shows films only: neither text nor what a list of files points at', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingjing-films-'));
  const secrets = path.join(folder, 'secrets.txt');
  await writeFile(secrets, 'root:x:0:0:the password of everything\n'.repeat(100));
  const list = path.join(folder, 'list.ffconcat');
  await writeFile(list, 'ffconcat version 1.0\nfile secrets.txt\n');
  for (const file of [secrets, list]) {
    const { pictures, problem } = await still({ kind: 'file', path: file });
    expect(pictures).toEqual([]);
    expect(reasonOf(problem ?? '')).toContain('invalid data');
    await expect(probe('ffprobe', { kind: 'file', path: file }, AbortSignal.timeout(20_000))).rejects.toThrow(
      'not on whitelist',
    );
  }
  await rm(folder, { recursive: true });
});
