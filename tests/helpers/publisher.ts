import { startChild, type Child } from '../../scripts/runtime/process/child.ts';

/** What an encoder pushes: a pattern that moves, at 15 pictures a second with a key frame each second. */
export interface PushedPicture {
  /** As ffmpeg writes it: 640x360. */
  size?: string;
  bFrames?: number;
  /** A film, from its beginning again and again, as it is. */
  file?: string;
}

/** Starts a real encoder, ffmpeg, that pushes to an address until it is stopped or sent away. */
export function startPublisher(
  address: string,
  { size = '640x360', bFrames = 0, file }: PushedPicture = {},
): Child {
  const made = [
    ...['-re', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=15`, '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-g', '15', '-bf', String(bFrames), '-pix_fmt', 'yuv420p'],
  ];
  const picture = file === undefined ? made : ['-re', '-stream_loop', '-1', '-i', file, '-c', 'copy'];
  return startChild({
    name: 'the encoder',
    command: 'ffmpeg',
    args: ['-v', 'error', '-nostdin', ...picture, '-f', 'flv', address],
    cwd: import.meta.dirname,
    env: process.env,
  });
}
