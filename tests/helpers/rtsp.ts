import path from 'node:path';
import { startChild } from '../../scripts/runtime/process/child.ts';

/** What the camera shows. */
export type Picture =
  | {
      kind: 'pattern';
      width?: number;
      height?: number;
      fps?: number;
      gop?: number;
      bFrames?: number;
      codec?: 'h264' | 'h265' | 'mjpeg';
      profile?: 'main' | 'high';
      /** A ball that moves; the same picture again and again; a still scene with the noise of a sensor. */
      scene?: 'moving' | 'still' | 'night';
    }
  | { kind: 'file'; file: string };

/** How many clients play: now, at most at the same time, and altogether. */
export interface Sessions {
  now: number;
  most: number;
  total: number;
}

export interface RtspServer {
  /** rtsp://127.0.0.1:…/cam */
  url: string;
  pid: number;
  sessions(): Sessions;
  /** The camera's cable is pulled out. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

export interface RtspOptions {
  /** The parameter sets (SPS, PPS) only in the session description, as some cameras do. */
  noParameterSets?: boolean;
  /** To come back at the same address after kill9(). */
  port?: number;
  /** A small stream at …/sub as well. */
  sub?: Picture;
  /** Asked for with digest. */
  user?: string;
  password?: string;
  /** The only one that it offers. */
  transport?: 'tcp' | 'udp';
}

function whole(picture: Picture, noParameterSets = false): object {
  const pattern = { width: 640, height: 360, fps: 15, gop: 15, bFrames: 0, codec: 'h264' };
  return { ...(picture.kind === 'pattern' ? pattern : {}), ...picture, noParameterSets };
}

/** Starts a real RTSP server (GStreamer's) with one camera; needs the Debian packages of TEST_PACKAGES. */
export async function startRtsp(
  picture: Picture = { kind: 'pattern' },
  { noParameterSets, sub, ...options }: RtspOptions = {},
): Promise<RtspServer> {
  const pictures = { cam: whole(picture, noParameterSets), ...(sub && { sub: whole(sub) }) };
  let sessions: Sessions = { now: 0, most: 0, total: 0 };
  const child = startChild({
    name: 'the RTSP server',
    command: '/usr/bin/python3',
    args: [path.join(import.meta.dirname, 'rtsp.py'), JSON.stringify({ pictures, ...options })],
    cwd: import.meta.dirname,
    env: process.env,
    onLine: (line) => {
      if (line.startsWith('{"event": "sessions"')) sessions = JSON.parse(line) as Sessions;
    },
  });
  const url = await child.listening;
  return {
    url,
    pid: child.pid,
    sessions: () => sessions,
    kill9: () => child.kill9(),
    stop: () => child.stop(),
  };
}
