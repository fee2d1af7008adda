import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SchedulerLike } from 'rxjs';
import { z } from 'zod';
import type { Camera, CameraSource, CameraTest, CameraTestRequest, StreamTest } from '@mingjing/contracts';
import { ffmpegPlan } from '../ffmpeg/args.ts';
import { SCENE_FPS, SCENE_HEIGHT, SCENE_WIDTH } from '../ffmpeg/generated.ts';
import { permittedSource, type Permitted } from '../ffmpeg/permitted.ts';
import { modeFor, probeInput } from '../ffmpeg/probe.ts';
import { reasonOf } from '../ffmpeg/reason.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { sourceOf } from '../ffmpeg/source.ts';
import { pickStreams } from './device.ts';
import { openDevice, type DeviceRules } from './devices.ts';
import { explained } from './searches.ts';

export interface TrialTools {
  ffmpeg: string;
  ffprobe: string;
  font: string;
  permitted: Permitted;
  rules: DeviceRules;
  scheduler: SchedulerLike;
}

/** So long is looked at a stream, for its rate and its key frames; in s. And no trial takes longer, in ms. */
const LOOK_S = 6;
const LONGEST_MS = 20_000;
const run = promisify(execFile);

const answerSchema = z.object({
  packets: z.array(z.object({ pts_time: z.coerce.number().optional(), flags: z.string() })).default([]),
  streams: z.array(
    z.object({
      codec_name: z.string(),
      profile: z.string().optional(),
      has_b_frames: z.int().optional(),
      width: z.int().optional(),
      height: z.int().optional(),
      pix_fmt: z.string().optional(),
      avg_frame_rate: z.string().optional(),
    }),
  ),
});

const NOTHING: StreamTest = {
  ...{ ok: false, reason: null, codec: null, profile: null, width: null, height: null },
  ...{ fps: null, gopSeconds: null, bFrames: null },
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The usual way from one of these times to the next (the median); null for fewer than two. In s. */
function usualGap(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const middle = gaps.sort((one, other) => one - other)[Math.floor(gaps.length / 2)];
  return middle ?? null;
}

/** Reads ffprobe's JSON of a stream and of its first seconds. @throws Error when there is no video in it */
export function readTrial(json: string): { test: StreamTest; mode: 'copy' | 'transcode' } {
  const { streams, packets } = answerSchema.parse(JSON.parse(json));
  const stream = streams[0];
  if (!stream) throw new Error('no video stream');
  const times = packets.flatMap(({ pts_time: at }) => (at === undefined ? [] : [at])).sort((a, b) => a - b);
  const keys = packets.flatMap(({ flags, pts_time: at }) =>
    flags.startsWith('K') && at !== undefined ? [at] : [],
  );
  const frame = usualGap(times);
  const gop = usualGap(keys);
  const test: StreamTest = {
    ...{ ok: true, reason: null, codec: stream.codec_name, profile: stream.profile ?? null },
    ...{ width: stream.width || null, height: stream.height || null },
    fps: frame === null || frame <= 0 ? null : rounded(1 / frame),
    gopSeconds: gop === null ? null : rounded(gop),
    bFrames: (stream.has_b_frames ?? 0) > 0,
  };
  return { test, mode: modeFor(stream) };
}

async function examine(
  tools: TrialTools,
  source: CameraSource,
): Promise<{ test: StreamTest; mode: 'copy' | 'transcode' | null }> {
  if (source.kind === 'generated') {
    const size = { width: SCENE_WIDTH, height: SCENE_HEIGHT, fps: SCENE_FPS, gopSeconds: 2, bFrames: false };
    return { test: { ...NOTHING, ok: true, codec: 'h264', ...size }, mode: 'copy' };
  }
  try {
    const permitted = await permittedSource(source, tools.permitted);
    if (permitted.kind === 'generated') throw new Error('no video stream');
    const from = probeInput(permitted);
    const entries = 'stream=codec_name,profile,has_b_frames,width,height,pix_fmt:packet=pts_time,flags';
    const wanted = ['-select_streams', 'v:0', '-show_streams', '-show_packets', '-show_entries', entries];
    const args = ['-v', 'error', ...wanted, '-read_intervals', `%+${LOOK_S}`, '-of', 'json', ...from.options];
    const asked = run(tools.ffprobe, args, {
      ...{ timeout: LONGEST_MS, killSignal: 'SIGKILL', maxBuffer: 8 * 1024 * 1024 },
    });
    const { stdin } = asked.child;
    // An ffprobe that ends before it has read says itself why.
    stdin?.on('error', () => undefined);
    stdin?.end(from.stdin);
    return readTrial((await asked).stdout);
  } catch (problem) {
    const isLate = problem instanceof Error && 'killed' in problem && problem.killed === true;
    return { test: { ...NOTHING, reason: reasonOf(isLate ? 'timed out' : explained(problem)) }, mode: null };
  }
}

/** One picture as a JPEG; null when none came in time. */
async function thumbnail(tools: TrialTools, source: CameraSource): Promise<string | null> {
  const { ffmpeg, font, permitted, scheduler } = tools;
  const allowed = await permittedSource(source, permitted);
  const { promise, resolve } = Promise.withResolvers<Buffer | null>();
  let still: Buffer | null = null;
  const startedAt = scheduler.now();
  const running = runFfmpeg(
    ffmpeg,
    ffmpegPlan({ source: allowed, mode: 'transcode', once: true, font, startedAt }),
    {
      onStill: (jpeg) => (still = jpeg),
      onEnd: () => resolve(still),
    },
  );
  const limit = scheduler.schedule(() => running.close(), LONGEST_MS);
  const jpeg = await promise.finally(() => limit.unsubscribe());
  return jpeg === null ? null : jpeg.toString('base64');
}

async function examineOnvif(
  { rules }: TrialTools,
  { onvif, credentials }: CameraTestRequest,
): Promise<CameraTest['onvif']> {
  if (!onvif) return null;
  try {
    const device = await openDevice(onvif, credentials ?? null, rules);
    const { manufacturer, model } = await device.information();
    const profiles = await device.profiles();
    const ptz = profiles.some((profile) => profile.ptz) && (await device.has('ptz'));
    const { main } = pickStreams(profiles);
    const reason = main ? null : '摄像机没有可用的视频配置 (the camera has no profile)';
    return { ok: main !== undefined, reason, model: `${manufacturer} ${model}`.trim(), ptz };
  } catch (problem) {
    return { ok: false, reason: reasonOf(explained(problem)), model: null, ptz: false };
  }
}

/** Tries a camera out as it would be used, before it is one. Never rejects for what the camera does. */
export async function tryCamera(tools: TrialTools, request: CameraTestRequest): Promise<CameraTest> {
  const place: Camera = {
    id: 'trial',
    name: 'trial',
    hall: null,
    counter: null,
    ...request,
  };
  const source = sourceOf(place, 'main');
  // One after the other: many cameras take one or two sessions only.
  const main = await examine(tools, source);
  const sub = request.sub ? await examine(tools, sourceOf(place, 'sub')) : null;
  const delivery =
    main.mode === null ? null : main.mode === 'copy' ? 'copy' : sub?.mode === 'copy' ? 'sub' : 'transcode';
  return {
    ...{ ok: main.test.ok, main: main.test, sub: sub?.test ?? null, delivery },
    thumbnail: main.test.ok ? await thumbnail(tools, source) : null,
    onvif: await examineOnvif(tools, request),
  };
}
