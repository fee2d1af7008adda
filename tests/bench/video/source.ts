import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startChild } from '../../../scripts/runtime/process/child.ts';
import { freePort } from '../../helpers/installation.ts';

export interface Source {
  url: string;
  stop(): Promise<void>;
}

/** A real RTSP camera whose pictures say when they were made. @param gop pictures from key frame to key frame, at 15 a second */
export async function startSource(gop: number): Promise<Source> {
  const port = await freePort();
  const server = startChild({
    name: 'the RTSP server',
    command: '/usr/bin/python3',
    args: [path.join(import.meta.dirname, 'rtsp.py'), String(port)],
    cwd: import.meta.dirname,
    env: process.env,
  });
  const url = await server.listening;
  const stamps = spawn(process.execPath, [path.join(import.meta.dirname, 'stamps.ts')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const encoder = spawn(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-f',
        'rawvideo',
        '-pix_fmt',
        'yuv420p',
        '-s',
        '640x360',
        '-r',
        '15',
        '-i',
        'pipe:0',
      ],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
      // One slice a picture: rtph264pay repeats the parameter sets before each slice, where none may stand.
      ...['-threads', '1'],
      ...[
        '-g',
        String(gop),
        '-keyint_min',
        String(gop),
        '-sc_threshold',
        '0',
        '-b:v',
        '800k',
        '-maxrate',
        '800k',
      ],
      ...['-bufsize', '400k', '-payload_type', '96', '-f', 'rtp', `rtp://127.0.0.1:${port}?pkt_size=1200`],
    ],
    { stdio: [stamps.stdout, 'ignore', 'inherit'] },
  );
  // GStreamer's server says nothing before it has seen a key frame; with a first client it is past that for good.
  const keeper = spawn(
    'ffmpeg',
    ['-v', 'error', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-f', 'null', '-'],
    {
      stdio: 'ignore',
    },
  );
  return {
    url,
    async stop() {
      const children = [keeper, encoder, stamps].filter(
        ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
      );
      const ended = children.map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      stamps.stdout.destroy();
      await Promise.all(ended);
      await server.stop();
    },
  };
}
