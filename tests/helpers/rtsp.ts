import path from 'node:path';
import { startChild } from '../../scripts/runtime/process/child.ts';

/** What the camera shows. */
export type Picture =
  | { kind: 'pattern'; width?: number; height?: number; fps?: number; gop?: number; bFrames?: number }
  | { kind: 'file'; file: string };

export interface RtspServer {
  /** rtsp://127.0.0.1:…/cam */
  url: string;
  /** The camera's cable is pulled out. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

export interface RtspOptions {
  /** The parameter sets (SPS, PPS) only in the session description, as some cameras do. */
  noParameterSets?: boolean;
  /** To come back at the same address after kill9(). */
  port?: number;
}

function argumentsFor(picture: Picture): string[] {
  if (picture.kind === 'file') return ['file', picture.file];
  const { width = 640, height = 360, fps = 15, gop = 15 } = picture;
  return ['pattern', ...[width, height, fps, gop].map(String)];
}

/** Starts a real RTSP server (GStreamer's) with one H.264 camera; needs the Debian packages of TEST_PACKAGES. */
export async function startRtsp(
  picture: Picture = { kind: 'pattern' },
  options: RtspOptions = {},
): Promise<RtspServer> {
  const child = startChild({
    name: 'the RTSP server',
    command: '/usr/bin/python3',
    args: [path.join(import.meta.dirname, 'rtsp.py'), ...argumentsFor(picture)],
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      ...(options.noParameterSets ? { NOSPS: '1' } : {}),
      ...(options.port === undefined ? {} : { PORT: String(options.port) }),
      ...(picture.kind === 'pattern' && picture.bFrames ? { BFRAMES: String(picture.bFrames) } : {}),
    },
  });
  const url = await child.listening;
  return { url, kill9: () => child.kill9(), stop: () => child.stop() };
}
