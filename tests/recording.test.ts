import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Clip,
  MediaTicket,
  RecordedSpans,
  RecordingPlan,
  Segment,
  SignedClipManifest,
  StreamStatus,
} from '@mingjing/contracts';
import { SMALL_CITY } from './helpers/city.ts';
import { freePort, openInstallation, type Installation } from './helpers/installation.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { startMedia, type RunningProcess } from './helpers/processes.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

const run = promisify(execFile);
const WITHIN_MS = 60_000;
const CLIP = path.resolve(import.meta.dirname, '../center-server/src/cli/clip.ts');
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
let mediaPort: number;

async function startHost(dataDir?: string): Promise<RunningProcess> {
  return startMedia({
    centreUrl: centre.url,
    token: centre.tokens['media']!,
    ticketKey: centre.secrets.ticketKey,
    env: {
      MINGJING_MEDIA_PORT: String(mediaPort),
      MINGJING_MEDIA_SEGMENT_SECONDS: '1',
      MINGJING_MEDIA_MIN_FREE_BYTES: '0',
    },
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
    mediaPort = await freePort();
    centre = await openInstallation({
      plan: { ...SMALL_CITY, halls, cameras },
      env: { MINGJING_CENTRE_MEDIA_URL: `http://127.0.0.1:${mediaPort}` },
    });
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

  test('a clip is cut as it was recorded, signed, and what it was cut from is evidence', async () => {
    const [first] = await segmentsUntil('always', (seen) => seen.length >= 3);
    const order = {
      camera: 'always',
      from: first!.startedAt + 500,
      to: first!.startedAt + 3500,
      reason: '取证',
    };
    expect(
      (await centre.call('POST /api/clips', { cookie, body: { ...order, camera: 'theirs' } })).status,
    ).toBe(404);
    const made = await centre.call('POST /api/clips', { cookie, body: order });
    expect(made.status).toBe(201);
    const { id } = made.body as Clip;
    const theirs = await centre.signIn('dz-inspector');
    for (const what of ['file', 'manifest'])
      expect((await centre.call(`GET /api/clips/${id}/${what}`, { cookie: theirs })).status).toBe(404);
    const list = async () => (await centre.call('GET /api/clips', { cookie })).body as Clip[];
    const [clip] = await until(
      list,
      ([seen]) => seen?.state === 'done' || seen?.state === 'failed',
      WITHIN_MS,
    );
    expect(clip).toMatchObject({ id, state: 'done', problem: null, by: '孟庆山', reason: '取证' });

    const film = await fetch(`${centre.url}/api/clips/${id}/file`, { headers: { cookie } });
    const bytes = Buffer.from(await film.arrayBuffer());
    expect([film.status, bytes.length]).toEqual([200, clip!.bytes]);
    const folder = media.dataDir;
    await writeFile(path.join(folder, 'clip.mp4'), bytes);
    const { stdout: length } = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path.join(folder, 'clip.mp4')],
    ]);
    expect(Number(length)).toBeGreaterThanOrEqual(3);
    const { body: signed } = await centre.call(`GET /api/clips/${id}/manifest`, { cookie });
    const { segments: from, gaps } = (signed as SignedClipManifest).manifest;
    expect([from[0]!.startedAt, gaps]).toEqual([first!.startedAt, []]);
    await writeFile(path.join(folder, 'clip.json'), JSON.stringify(signed));
    const verify = async (...more: string[]) =>
      run(process.execPath, [
        CLIP,
        'verify',
        path.join(folder, 'clip.mp4'),
        path.join(folder, 'clip.json'),
        ...more,
        '--json',
      ])
        .catch((error: unknown) => error as { stdout: string })
        .then(({ stdout }) => JSON.parse(stdout) as { ok: boolean; problems: string[]; key: string });
    const { key, ...verdict } = await verify();
    expect(verdict).toEqual({ ok: true, problems: [] });
    expect((await verify('--key', key)).ok).toBe(true);
    expect((await verify('--key', '0'.repeat(64))).ok).toBe(false);
    await writeFile(path.join(folder, 'clip.mp4'), Buffer.concat([bytes, Buffer.from([0])]));
    expect((await verify()).problems).toEqual(['the film is not the one that the manifest is of']);
    await writeFile(path.join(folder, 'clip.json'), JSON.stringify(signed).replace('取证', '取樂'));
    expect((await verify()).problems).toHaveLength(2);
    const orders = await centre.call('GET /api/service/recordings/orders', {
      token: centre.tokens['media']!,
    });
    expect(orders.body).toContainEqual({ camera: 'always', from: order.from, to: order.to, why: 'evidence' });

    const admin = await centre.signIn('zz-admin');
    const end = (as: string) =>
      centre.call(`POST /api/clips/${id}/end`, { cookie: as, body: { reason: '期满' } });
    expect((await end(cookie)).status).toBe(403);
    expect((await end(admin)).status).toBe(200);
    expect(await list()).toEqual([]);
    await until(
      () => readdir(path.join(media.dataDir, 'clips')),
      (left) => left.length === 0,
      WITHIN_MS,
    );
  }, 120_000);

  test('a clip of a time without recordings says so', async () => {
    const body = { camera: 'never', from: Date.now() - 60_000, to: Date.now() - 50_000, reason: '取证' };
    await centre.call('POST /api/clips', { cookie, body });
    const list = async () => (await centre.call('GET /api/clips', { cookie })).body as Clip[];
    const [clip] = await until(list, ([seen]) => seen?.state === 'failed', WITHIN_MS);
    expect(clip?.problem).toContain('没有录像');
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
