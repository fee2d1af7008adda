import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MediaTicket, RecordedSpans, RecordingPlan, Segment, StreamStatus } from '@mingjing/contracts';
import { SMALL_CITY } from './helpers/city.ts';
import { openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const run = promisify(execFile);
const WITHIN_MS = 60_000;
const plan = (more: Partial<RecordingPlan>): RecordingPlan => ({
  ...{ mode: 'continuous', beforeSeconds: 5, afterSeconds: 30, keepDays: 30, keepBytes: null },
  ...more,
});
const CAMERAS = [
  { id: 'always', region: '130681', recording: plan({}) },
  { id: 'hours', region: '130681', recording: plan({ mode: 'hours' }) },
  { id: 'never', region: '130681', recording: null },
  { id: 'theirs', region: '130682', recording: plan({}) },
];

let centre: Installation;
let media: RunningProcess;
let cookie: string;

async function startHost(dataDir?: string): Promise<RunningProcess> {
  return startMedia({
    centreUrl: centre.url,
    token: centre.tokens['media']!,
    ticketKey: centre.secrets.ticketKey,
    env: { MINGJING_MEDIA_SEGMENT_SECONDS: '1', MINGJING_MEDIA_MIN_FREE_BYTES: '0' },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

const around = () => `from=${Date.now() - 600_000}&to=${Date.now() + 60_000}`;

async function segments(camera: string, as = cookie): Promise<Segment[]> {
  const { body } = await centre.call(`GET /api/recordings/segments?camera=${camera}&${around()}`, {
    cookie: as,
  });
  return body as Segment[];
}

const segmentsUntil = (camera: string, wanted: (seen: Segment[]) => boolean) =>
  until(() => segments(camera), wanted, WITHIN_MS);

/** The segments on the disk, of all cameras: those that are whole, or with `.part` those being written. */
async function files(ending = '.mp4'): Promise<string[]> {
  const all = await readdir(path.join(media.dataDir, 'recordings'), { recursive: true });
  return all.filter((name) => name.endsWith(ending));
}

const startOf = (file: string): number => Number.parseInt(path.basename(file), 10);

async function ticket(): Promise<string> {
  return ((await centre.call('GET /api/media/ticket', { cookie })).body as MediaTicket).ticket;
}

const fetchSegment = async ({ camera, startedAt }: Segment, as?: string) =>
  fetch(`${media.url}/recording/${camera}/${startedAt}?ticket=${as ?? (await ticket())}`);

// The leak check has hooks of its own around those of the group.
describe('a media host that records', () => {
  beforeAll(async () => {
    const cameras = CAMERAS.map((camera) => ({
      ...{ name: camera.id, hall: null, counter: null },
      ...camera,
      source: { kind: 'generated' as const, label: camera.id, pattern: 1 },
    }));
    // Open from the first to the last minute of every working day.
    const halls = SMALL_CITY.halls.map((hall) => ({
      ...hall,
      hours: [['00:00', '24:00'] as [string, string]],
    }));
    centre = await openInstallation({ plan: { ...SMALL_CITY, halls, cameras } });
    cookie = await centre.signIn('zz-inspector');
    media = await startHost();
  }, 120_000);

  afterAll(async () => {
    await media.stop();
    await centre.close();
  }, 60_000);

  test('keeps what its plan says, told of by time without gaps, and playable', async () => {
    const recorded = await segmentsUntil('always', (seen) => seen.length >= 4);
    const spans = async (cameras: string) => {
      const { body } = await centre.call(`GET /api/recordings/spans?${cameras}&${around()}`, { cookie });
      return (body as RecordedSpans[]).map(({ camera, spans: of }) => [camera, of.length]);
    };
    expect(await spans('cameras=always&cameras=never')).toEqual([
      ['always', 1],
      ['never', 0],
    ]);
    const answer = await fetchSegment(recorded[0]!);
    expect(answer.status).toBe(200);
    const file = path.join(media.dataDir, 'one.mp4');
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    const { stdout } = await run('ffprobe', [
      ...[
        '-v',
        'error',
        '-count_frames',
        '-show_entries',
        'stream=codec_name,nb_read_frames',
        '-of',
        'csv=p=0',
      ],
      file,
    ]);
    const [codec, frames] = stdout.trim().split(',');
    expect(codec).toBe('h264');
    const { startedAt, endedAt, bytes } = recorded[0]!;
    expect(Number(frames) / 12).toBeCloseTo((endedAt - startedAt) / 1000, 0);
    const part = await fetch(answer.url, { headers: { range: 'bytes=0-99' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 0-99/${bytes}`]);
  }, 120_000);

  test('nobody but recordings keeps a camera awake', async () => {
    const answer = await fetch(`${media.url}/streams`, {
      headers: { authorization: `Bearer ${centre.tokens['media']!}` },
    });
    const statuses = (await answer.json()) as StreamStatus[];
    const of = (id: string) => statuses.find(({ camera }) => camera === id);
    expect(of('always')).toMatchObject({ state: 'live', viewers: 0, recorders: 1 });
    expect(of('never')).toMatchObject({ state: 'idle', recorders: 0 });
  });

  test('a county has nothing of another’s recordings', async () => {
    const inspector = await centre.signIn('inspector');
    const [theirs] = await until(
      () => segments('theirs', inspector),
      (seen) => seen.length > 0,
      WITHIN_MS,
    );
    for (const what of ['spans?cameras', 'segments?camera'])
      expect((await centre.call(`GET /api/recordings/${what}=theirs&${around()}`, { cookie })).status).toBe(
        404,
      );
    expect((await fetchSegment(theirs!)).status).toBe(404);
    expect((await fetchSegment(theirs!, 'none')).status).toBe(401);
  });

  test('killed while it records, it has everything that was on its disk, what it was writing too', async () => {
    const before = await segmentsUntil('always', (seen) => seen.length >= 5);
    await media.kill9();
    const killedAt = Date.now();
    const held = [...(await files('.mp4')), ...(await files('.mp4.part'))].map(startOf);
    media = await startHost(media.dataDir);
    const after = await segmentsUntil('always', (seen) => seen.some(({ startedAt }) => startedAt > killedAt));
    expect(after).toEqual(expect.arrayContaining(before));
    const inspector = await centre.signIn('inspector');
    const all = await Promise.all(CAMERAS.map(({ id }) => segments(id, inspector)));
    const told = new Set(all.flat().map(({ startedAt }) => startedAt));
    // A segment that was only just begun may hold no whole fragment yet.
    const lost = held.filter((startedAt) => !told.has(startedAt));
    expect(lost.filter((startedAt) => startedAt < killedAt - 1000)).toEqual([]);
  }, 120_000);

  test('goes on while the centre is away, and tells it afterwards', async () => {
    await centre.killCentre();
    const held = (await files()).length;
    await until(
      () => files(),
      (seen) => seen.length >= held + 4,
      WITHIN_MS,
    );
    const whole = (await files()).map(startOf);
    await centre.restartCentre();
    cookie = await centre.signIn('zz-inspector');
    const inspector = await centre.signIn('inspector');
    const all = () => Promise.all(CAMERAS.map(({ id }) => segments(id, inspector)));
    const isTold = (seen: Segment[][]) => {
      const told = new Set(seen.flat().map(({ startedAt }) => startedAt));
      return whole.every((startedAt) => told.has(startedAt));
    };
    await until(all, isTold, WITHIN_MS);
  }, 120_000);
});
