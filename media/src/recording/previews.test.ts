import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { asyncScheduler } from 'rxjs';
import { makeFilm } from '../../test/film.ts';
import { Previews, PreviewsBusy } from './previews.ts';

let folder: string;
let previews: Previews;
const key = (startedAt: number) => ({ camera: 'zz', startedAt });
const fileOf = (startedAt: number) => path.join(folder, `${startedAt}.mp4`);
const stay = () => new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingjing-previews-'));
  const film = await makeFilm(2);
  for (let startedAt = 0; startedAt < 40; startedAt += 1) await writeFile(fileOf(startedAt), film);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  const files = { path: ({ startedAt }: { startedAt: number }) => fileOf(startedAt) };
  previews = new Previews({ ffmpeg: 'ffmpeg', files, scheduler: asyncScheduler });
});
afterEach(() => previews.stop());

test('a preview is a small JPEG, made once for all who ask', async () => {
  const [one, other] = await Promise.all([previews.of(key(0), stay()), previews.of(key(0), stay())]);
  expect(one.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(one.length).toBeLessThan(64 * 1024);
  expect(other).toBe(one);
  expect(await previews.of(key(0), stay())).toBe(one);
});

test('a segment that is none fails, and is tried anew when it is asked for again', async () => {
  await writeFile(fileOf(100), 'no film');
  await expect(previews.of(key(100), stay())).rejects.toThrow(/Invalid data/);
  await writeFile(fileOf(100), await makeFilm(2));
  expect((await previews.of(key(100), stay())).length).toBeGreaterThan(0);
});

test('no more wait than can be made, and what nobody waits for any more is let go', async () => {
  const gone = new AbortController();
  const asked = Array.from({ length: 34 }, (_, startedAt) => previews.of(key(startedAt), gone.signal));
  const all = Promise.allSettled(asked);
  await expect(previews.of(key(35), stay())).rejects.toThrow(PreviewsBusy);
  gone.abort();
  const made = (await all).filter(({ status }) => status === 'fulfilled').length;
  // Those that had been begun.
  expect(made).toBe(2);
  expect((await previews.of(key(35), stay())).length).toBeGreaterThan(0);
});

test('nothing is made any more once it stops', async () => {
  const asked = [0, 1, 2, 3].map((startedAt) => previews.of(key(startedAt), stay()));
  const all = Promise.allSettled(asked);
  await previews.stop();
  expect((await all).filter(({ status }) => status === 'rejected')).toHaveLength(4);
  await expect(previews.of(key(5), stay())).rejects.toThrow(PreviewsBusy);
});
