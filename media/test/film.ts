import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Fragments } from '../src/fragments/fragments.ts';
import { FragmentSplitter } from '../src/fragments/splitter.ts';

const run = promisify(execFile);

/** A real film at 15 pictures a second with a key frame each second, in fragments of 250 ms. */
export async function makeFilm(seconds: number, ...more: string[]): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=15:d=${seconds}`, '-c:v', 'libx264'],
      ...[
        '-g',
        '15',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
        '-sc_threshold',
        '0',
        ...more,
        '-f',
        'mp4',
      ],
      ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '250000', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1 << 28 },
  );
  return stdout;
}

/** Sends a film through a hub of fragments, as if it had been made from an instant on, ms since the epoch. */
export function play(film: Buffer, fragments: Fragments, from: number): void {
  const splitter = new FragmentSplitter({
    onInit: (init) => fragments.begin(init),
    onFragment: (bytes, times) =>
      fragments.push({ bytes, ...times, wallTime: from + Math.round(times.mediaTime * 1000) }),
  });
  splitter.push(film);
}
