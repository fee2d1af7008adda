import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { FILE_OPTIONS, PUSHED_OPTIONS, RTSP_OPTIONS, rtspList, type OpenSource } from './args.ts';
import { SCENE_HEIGHT, SCENE_WIDTH } from './generated.ts';

/** What a source sends, and what has to be done with it. */
export interface Probe {
  codec: string;
  width: number | null;
  height: number | null;
  mode: 'copy' | 'transcode';
  /** How long a film lasts, in s; null where it does not say, and of what is no film. */
  seconds?: number | null;
  /** The main stream is not playable: this is the small one. */
  via?: 'sub';
}

const run = promisify(execFile);

const streamSchema = z.object({
  codec_name: z.string(),
  profile: z.string().optional(),
  has_b_frames: z.int().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  pix_fmt: z.string().optional(),
});
const answerSchema = z.object({
  streams: z.array(streamSchema),
  format: z.object({ duration: z.coerce.number().positive().optional().catch(undefined) }).optional(),
});

/**
 * H.264 in 8 bit 4:2:0 without B-frames is passed on as it is; everything else a browser or
 * mediasoup cannot take (H.265) or shows at one frame a second (B-frames) is encoded anew.
 */
export function modeFor(stream: z.infer<typeof streamSchema>): 'copy' | 'transcode' {
  const playable =
    stream.codec_name === 'h264' && ['yuv420p', 'yuvj420p', undefined].includes(stream.pix_fmt);
  return playable && (stream.has_b_frames ?? 0) === 0 ? 'copy' : 'transcode';
}

/** Reads ffprobe's JSON. @throws Error when there is no video in it */
export function readProbe(json: string): Probe {
  const { streams, format } = answerSchema.parse(JSON.parse(json));
  const stream = streams[0];
  if (!stream) throw new Error('no video stream');
  const seconds = format?.duration ?? null;
  const size = { width: stream.width || null, height: stream.height || null };
  return { codec: stream.codec_name, ...size, mode: modeFor(stream), seconds };
}

type Asked = Exclude<OpenSource, { kind: 'generated' }>;

/** How ffprobe opens a source; an RTSP address comes on its standard input. */
export function probeInput(source: Asked): { options: string[]; stdin: string } {
  switch (source.kind) {
    case 'rtsp':
      return { options: [...RTSP_OPTIONS, '-i', 'pipe:0'], stdin: rtspList(source) };
    case 'file':
      return { options: [...FILE_OPTIONS, '-i', `file:${source.path}`], stdin: '' };
    case 'pushed':
      return { options: [...PUSHED_OPTIONS, '-i', `unix:${source.address}`], stdin: '' };
  }
}

function probeArguments(source: Asked): string[] {
  const wanted = [
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=codec_name,profile,has_b_frames,width,height,pix_fmt:format=duration',
  ];
  return ['-v', 'error', ...wanted, '-of', 'json', ...probeInput(source).options];
}

/**
 * Asks a source what it sends.
 * @param signal ends the question
 * @throws Error with what ffprobe said
 */
export async function probe(ffprobe: string, source: OpenSource, signal: AbortSignal): Promise<Probe> {
  if (source.kind === 'generated') {
    // Born as the H.264 that the browser gets: nothing is encoded anew.
    return { codec: 'h264', width: SCENE_WIDTH, height: SCENE_HEIGHT, mode: 'copy' };
  }
  const asked = run(ffprobe, probeArguments(source), { signal, timeout: 20_000, killSignal: 'SIGKILL' });
  const { stdin } = asked.child;
  // An ffprobe that ends before it has read says itself why.
  stdin?.on('error', () => undefined);
  stdin?.end(probeInput(source).stdin);
  const { stdout } = await asked;
  return readProbe(stdout);
}
