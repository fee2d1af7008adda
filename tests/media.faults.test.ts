import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Quality, StreamStatus } from '@mingjing/contracts';
import { layCable } from './helpers/cable.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { ffmpegsOf, startMediaStand, type MediaStand } from './helpers/media-host.ts';
import type { RtspServer } from './helpers/rtsp.ts';
import { until } from './helpers/until.ts';

failOnLeaks();

/** Issue §6: a picture that stands still is known to within 10 s. */
const FROZEN_WITHIN_MS = 10_000;

let stand: MediaStand;
let count = 0;
let id: string;
let leave: (() => void) | undefined;

const live = ({ state }: StreamStatus): boolean => state === 'live';
const isOver = ({ state }: StreamStatus): boolean => state === 'frozen' || state === 'retrying';
const seen = (
  wanted: (status: StreamStatus) => boolean,
  options?: { quality?: Quality; withinMs?: number },
) => stand.statusUntil(id, wanted, options);

/** Shows a camera until the test is over. */
async function show(url: string): Promise<StreamStatus> {
  stand.add({ id, source: { kind: 'rtsp', url } });
  leave = await stand.watch(id);
  return seen(live);
}

/** The same camera, perhaps with another picture, after it was without power. */
const back = (camera: RtspServer, picture?: Parameters<MediaStand['rtsp']>[0]): Promise<RtspServer> =>
  stand.rtsp(picture, { port: Number(new URL(camera.url).port) });

/** The one ffmpeg that pulls. */
async function pulling(): Promise<number> {
  const found = await until(
    () => ffmpegsOf(stand.media),
    (all) => all.length === 1,
    20_000,
  );
  return found[0]!;
}

const isGone = (pid: number): boolean => !existsSync(`/proc/${pid}`);

describe('faults of a camera and on the way to it', () => {
  beforeAll(async () => {
    stand = await startMediaStand();
  }, 60_000);
  beforeEach(() => {
    count += 1;
    id = `camera-${count}`;
  });
  afterEach(async () => {
    leave?.();
    await seen(({ state }) => state === 'idle');
    await until(
      () => ffmpegsOf(stand.media),
      (left) => left.length === 0,
      20_000,
    );
  }, 60_000);
  afterAll(() => stand.stop(), 30_000);

  test('another size inside the same session is shown as it is', async () => {
    const camera = await stand.rtsp();
    expect(await show(camera.url)).toMatchObject({ width: 640, height: 360 });
    process.kill(camera.pid, 'SIGUSR2');
    const small = (status: StreamStatus): boolean => live(status) && status.width === 320;
    expect(await seen(small)).toMatchObject({ mode: 'copy', height: 180 });
    process.kill(camera.pid, 'SIGUSR2');
    await seen((status) => live(status) && status.width === 640);
  }, 90_000);

  test('another codec is encoded anew, and passed on again when it is the old one', async () => {
    const camera = await stand.rtsp();
    expect(await show(camera.url)).toMatchObject({ codec: 'h264', mode: 'copy' });
    await camera.kill9();
    await seen(isOver);
    const other = await back(camera, { kind: 'pattern', codec: 'h265' });
    const encoded = (status: StreamStatus): boolean => live(status) && status.codec === 'hevc';
    expect(await seen(encoded, { withinMs: 40_000 })).toMatchObject({ mode: 'transcode' });
    await other.kill9();
    await seen(isOver);
    await back(camera);
    const passed = (status: StreamStatus): boolean => live(status) && status.codec === 'h264';
    expect(await seen(passed, { withinMs: 40_000 })).toMatchObject({ mode: 'copy' });
  }, 150_000);

  test('a camera that hangs is frozen within 10 s, and seen again when it goes on', async () => {
    const camera = await stand.rtsp();
    await show(camera.url);
    process.kill(camera.pid, 'SIGSTOP');
    try {
      const { reason } = await seen(isOver, { withinMs: FROZEN_WITHIN_MS });
      expect(reason).not.toBeNull();
      // Nobody there: it is tried again, and again.
      await seen(({ state, attempt }) => state === 'retrying' && attempt >= 2, { withinMs: 60_000 });
    } finally {
      process.kill(camera.pid, 'SIGCONT');
    }
    await seen(live, { withinMs: 40_000 });
  }, 150_000);

  test('a camera that hangs and is switched off and on is seen again', async () => {
    const camera = await stand.rtsp();
    await show(camera.url);
    process.kill(camera.pid, 'SIGSTOP');
    await seen(isOver, { withinMs: FROZEN_WITHIN_MS });
    await camera.kill9();
    await back(camera);
    await seen(live, { withinMs: 40_000 });
  }, 90_000);

  test('an ffmpeg that is killed is replaced', async () => {
    const camera = await stand.rtsp();
    await show(camera.url);
    const before = await pulling();
    process.kill(before, 'SIGKILL');
    await seen(isOver);
    await seen(live);
    expect(await pulling()).not.toBe(before);
    await until(
      () => camera.sessions(),
      ({ now }) => now === 1,
      20_000,
    );
  }, 90_000);

  test('an ffmpeg that hangs is ended and replaced, and nothing is left of it', async () => {
    const camera = await stand.rtsp();
    await show(camera.url);
    const before = await pulling();
    process.kill(before, 'SIGSTOP');
    await seen(isOver, { withinMs: FROZEN_WITHIN_MS });
    await until(() => isGone(before), Boolean, 30_000);
    await seen(live);
    expect(await pulling()).not.toBe(before);
    await until(
      () => camera.sessions(),
      ({ now }) => now === 1,
      20_000,
    );
    const health = (await (await fetch(`${stand.media.url}/healthz`)).json()) as {
      streams: { stuck: number };
    };
    expect(health.streams.stuck).toBe(0);
  }, 90_000);

  test.each([
    ['for a moment', ({ state }: StreamStatus) => state === 'frozen'],
    ['for long', ({ state, attempt }: StreamStatus) => state === 'retrying' && attempt >= 2],
  ])(
    'a network that is cut %s is frozen within 10 s, and seen again when it is mended',
    async (_, until) => {
      const camera = await stand.rtsp();
      const cable = await layCable(camera.url);
      try {
        await show(cable.url);
        cable.cut();
        await seen(isOver, { withinMs: FROZEN_WITHIN_MS });
        await seen(until, { withinMs: 60_000 });
        cable.mend();
        await seen(live, { withinMs: 40_000 });
        await pulling();
      } finally {
        leave?.();
        await seen(({ state }) => state === 'idle');
        await cable.close();
      }
    },
    150_000,
  );
});
