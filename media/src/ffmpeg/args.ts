import type { CameraSource } from '@mingjing/contracts';
import { SCENE_FPS, generatedScene } from './generated.ts';

/** One input or output of ffmpeg: its options, in order, and what they are about. */
export interface FfmpegPart {
  options: readonly string[];
  target: string;
  /** What is written to its standard input, which is the target then. */
  stdin?: string;
}

/**
 * What ffmpeg is asked to do. `live` is what it sends as it comes, encoded at most once: packets to mediasoup and a
 * film to a socket. `stills` is its standard output: JPEG after JPEG.
 */
export interface FfmpegPlan {
  input: FfmpegPart;
  live: FfmpegPart | null;
  stills: FfmpegPart;
}

/** Where mediasoup waits for the packets. */
export interface RtpTarget {
  host: string;
  rtpPort: number;
  rtcpPort: number;
  ssrc: number;
  payloadType: number;
}

/** Where what is live goes. */
export interface LiveTarget {
  rtp: RtpTarget;
  /** The address of a local socket that takes the film: fragmented MP4. */
  film: string;
}

/** A source as ffmpeg opens it: what is pushed is read from a local socket, as FLV. */
export type OpenSource = Exclude<CameraSource, { kind: 'push' }> | { kind: 'pushed'; address: string };

export interface PlanRequest {
  source: OpenSource;
  mode: 'copy' | 'transcode';
  /** Absent: stills only. */
  live?: LiveTarget;
  /** Ends after the first still. */
  once?: boolean;
  /** How long a film lasts, in s; null where that is not known. */
  seconds?: number | null;
  font: string;
  /** ms since the epoch; the burnt-in clock of a generated camera starts here. */
  startedAt: number;
}

/** Seconds between stills, and from key frame to key frame in what is encoded here. */
const STILL_EVERY_S = 2;
const GOP_S = 2;
/** A camera that says nothing for so long ends ffmpeg. In µs, as ffmpeg wants it. */
const SOCKET_TIMEOUT_US = 5_000_000;

/** An RTSP address comes as a list of one on standard input, and the list may lead to RTSP only. */
export const RTSP_OPTIONS: readonly string[] = [
  ...['-protocol_whitelist', 'pipe,rtsp,rtp,tcp,udp,tls', '-f', 'concat', '-safe', '0'],
];

type RtspSource = Extract<CameraSource, { kind: 'rtsp' }>;

/** How the packets are had. `prefer_tcp` asks for TCP first, and for UDP when that is refused (461). */
const TRANSPORT = {
  auto: ['rtsp_transport tcp+udp', 'rtsp_flags prefer_tcp'],
  tcp: ['rtsp_transport tcp'],
  udp: ['rtsp_transport udp'],
} as const;

/**
 * The list (ffmpeg's concat format) with a camera's address. On the command line every user of the machine would
 * read its password. By itself over TCP, and over UDP when the camera refuses that. Found out in one key frame: waiting for the frame rate, or throwing away what
 * came meanwhile, would double the time to the first picture.
 */
export function rtspList({ url, transport = 'auto' }: RtspSource): string {
  return [
    'ffconcat version 1.0',
    `file ${quoted(url)}`,
    ...TRANSPORT[transport].map((option) => `option ${option}`),
    `option timeout ${SOCKET_TIMEOUT_US}`,
    'option analyzeduration 1000000',
    'option fpsprobesize 0',
    '',
  ].join('\n');
}

/**
 * What a file may be: a film. ffmpeg also draws text files as pictures and follows lists of other files,
 * so that a camera could show whatever the media host can read.
 */
const FILMS = 'mov,matroska,mpegts,mpeg,avi,flv,h264,hevc';
export const FILE_OPTIONS: readonly string[] = ['-format_whitelist', FILMS];

const quoted = (target: string): string => `'${target.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A film that is copied, as a list of one. Films count the bytes of a unit before it, packets are cut at start codes
 * (ITU-T H.264, annex B): only ffmpeg's lists turn the one into the other before the outputs are made, and go on doing so
 * when the film begins again, for which they must know how long it is.
 */
function filmList(path: string, seconds: number): string {
  return [
    'ffconcat version 1.0',
    `file ${quoted(`file:${path}`)}`,
    // In the list there is no list: it would lead to other files.
    `option format_whitelist ${FILMS}`,
    `duration ${seconds}`,
    '',
  ].join('\n');
}

/** What is pushed says in its first tags what it is; more is not waited for. */
export const PUSHED_OPTIONS: readonly string[] = [
  ...[
    '-protocol_whitelist',
    'unix',
    '-fflags',
    'nobuffer',
    '-analyzeduration',
    '1000000',
    '-fpsprobesize',
    '0',
  ],
  ...['-f', 'flv'],
];

function filmInput({ mode, once, seconds }: PlanRequest, path: string, decode: string[]): FfmpegPart {
  const again = once ? [] : ['-re', '-stream_loop', '-1'];
  // Without the protocol a file whose name looks like an address would be fetched.
  if (mode !== 'copy' || typeof seconds !== 'number')
    return { options: [...again, ...FILE_OPTIONS, ...decode], target: `file:${path}` };
  const list = ['-protocol_whitelist', 'pipe,file', '-format_whitelist', `concat,${FILMS}`];
  return {
    options: [...again, ...list, '-f', 'concat', '-safe', '0', ...decode],
    target: 'pipe:0',
    stdin: filmList(path, seconds),
  };
}

function inputOf(request: PlanRequest): FfmpegPart {
  const { source, mode, live, once, font, startedAt } = request;
  // Stills need key frames only, when nothing else is decoded.
  const decode = mode === 'copy' || !live ? ['-skip_frame', 'nokey'] : [];
  switch (source.kind) {
    case 'rtsp':
      return {
        options: ['-flags', 'low_delay', ...RTSP_OPTIONS, ...decode],
        target: 'pipe:0',
        stdin: rtspList(source),
      };
    case 'file':
      return filmInput(request, source.path, decode);
    case 'pushed':
      return {
        options: ['-flags', 'low_delay', ...PUSHED_OPTIONS, ...decode],
        target: `unix:${source.address}`,
      };
    case 'generated':
      return {
        options: [...(once ? [] : ['-re']), '-f', 'lavfi'],
        target: generatedScene({ label: source.label, pattern: source.pattern, font, startedAt }),
      };
  }
}

const BASELINE = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-profile:v',
  'baseline',
];
const RATE = (kbit: number): string[] => [
  ...['-b:v', `${kbit}k`, '-maxrate', `${kbit}k`, '-bufsize', `${kbit / 2}k`],
];

function videoOptions({ source, mode }: PlanRequest): string[] {
  if (source.kind === 'generated') {
    const gop = String(SCENE_FPS * GOP_S);
    return [...BASELINE, '-pix_fmt', 'yuv420p', '-threads', '1', '-g', gop, '-keyint_min', gop, ...RATE(400)];
  }
  if (mode === 'transcode') {
    const shrink = ['-vf', "scale=w='min(1280,iw)':h=-2"];
    const keys = ['-force_key_frames', `expr:gte(t,n_forced*${GOP_S})`];
    return [...shrink, ...BASELINE, '-pix_fmt', 'yuv420p', '-threads', '1', ...keys, ...RATE(1500)];
  }
  // FLV counts bytes as films do, and ends only with the push: a filter before the outputs will do.
  return ['-c:v', 'copy', ...(source.kind === 'pushed' ? ['-bsf:v', 'h264_mp4toannexb'] : [])];
}

/** A fragment is so long at most, in µs: what a viewer of the film is behind. */
const FRAGMENT_US = 250_000;

/** One output of ffmpeg's tee, which hands the same packets to several. */
function slave(options: Record<string, string>, target: string): string {
  const written = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return `[${written.join(':')}]${target}`;
}

function liveOf(request: PlanRequest, { rtp, film }: LiveTarget): FfmpegPart {
  const packets = slave(
    {
      f: 'rtp',
      payload_type: String(rtp.payloadType),
      ssrc: String(rtp.ssrc),
      // mediasoup knows a key frame by its SPS; some cameras send it in the SDP only.
      'bsfs/v': 'dump_extra=freq=keyframe',
    },
    // Connected sockets: when mediasoup is gone, the refusal ends ffmpeg.
    `rtp://${rtp.host}:${rtp.rtpPort}?rtcpport=${rtp.rtcpPort}&pkt_size=1200&connect=1`,
  );
  const fragments = slave(
    {
      f: 'mp4',
      movflags: '+frag_keyframe+empty_moov+default_base_moof',
      frag_duration: String(FRAGMENT_US),
      flush_packets: '1',
    },
    `unix:${film}`,
  );
  return {
    options: ['-map', '0:v:0', '-an', ...videoOptions(request), '-flags', '+global_header', '-f', 'tee'],
    target: `${packets}|${fragments}`,
  };
}

function stillsOf({ once }: PlanRequest): FfmpegPart {
  const every = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${STILL_EVERY_S - 0.1})'`;
  return {
    options: [
      ...['-map', '0:v:0', '-an', '-vf', `${every},scale=w='min(640,iw)':h=-2`, '-fps_mode', 'passthrough'],
      ...['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-threads', '1', '-q:v', '6'],
      ...(once ? ['-frames:v', '1'] : []),
      ...['-flush_packets', '1', '-f', 'image2pipe'],
    ],
    target: 'pipe:1',
  };
}

/**
 * What to ask of ffmpeg (5.1 or newer) for a camera: packets for mediasoup, a film, and a still every 2 s.
 * Pure: same request, same arguments.
 */
export function ffmpegPlan(request: PlanRequest): FfmpegPlan {
  return {
    input: inputOf(request),
    live: request.live ? liveOf(request, request.live) : null,
    stills: stillsOf(request),
  };
}

/** How wide a picture for pointing at a time line is, in pixels. */
const PREVIEW_WIDTH = 320;

/** What to ask of ffmpeg for a small picture of a recorded segment: its first key frame, and nothing beyond it is read. */
export function previewPlan(file: string): FfmpegPlan {
  return {
    input: {
      options: [...FILE_OPTIONS, '-fpsprobesize', '0', '-skip_frame', 'nokey'],
      target: `file:${file}`,
    },
    live: null,
    stills: {
      options: [
        ...['-map', '0:v:0', '-an', '-vf', `scale=w='min(${PREVIEW_WIDTH},iw)':h=-2`, '-frames:v', '1'],
        ...['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-threads', '1', '-q:v', '5', '-f', 'image2pipe'],
      ],
      target: 'pipe:1',
    },
  };
}
