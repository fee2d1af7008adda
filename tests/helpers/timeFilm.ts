import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const FRAME_MS = 40;
const FPS = 1000 / FRAME_MS;
const SIZE = '320x180';
/** Sixteen bars from left to right: the bits of a number, the lowest first. */
const bars = (number: string): string =>
  `format=gray,geq=lum='if(bitand(floor((${number})/pow(2,floor(X/20))),1),235,16)',format=yuv420p`;

/** Reads the bars of a video or an image of a page: an expression for the browser that is their number, or null. */
export const readBars = (selector: string): string => `(() => {
  const picture = document.querySelector(${JSON.stringify(selector)});
  if (!picture || !(picture.videoWidth || picture.naturalWidth)) return null;
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0, 320, 180);
  const { data } = context.getImageData(0, 90, 320, 1);
  let number = 0;
  for (let bit = 0; bit < 16; bit += 1) if (data[(bit * 20 + 10) * 4] > 125) number += 2 ** bit;
  return number;
})()`;

/**
 * Puts recordings of a camera where a media host finds them when it starts: fragmented MP4 of H.264, whose frames
 * show their own number since `from` as bars.
 * @param dataDir of the media host
 * @param pieces in whole seconds after `from`: beginning and end of each segment
 */
export async function layRecordings(
  dataDir: string,
  camera: string,
  from: number,
  pieces: readonly (readonly [number, number])[],
): Promise<void> {
  const folder = path.join(
    dataDir,
    'recordings',
    createHash('sha256').update(camera).digest('hex').slice(0, 32),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'camera.txt'), camera);
  for (const [begin, end] of pieces) {
    const startedAt = from + begin * 1000;
    const day = path.join(folder, new Date(startedAt).toISOString().slice(0, 10));
    await mkdir(day, { recursive: true });
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${SIZE}:r=${FPS}:d=${end - begin}`],
      ...['-vf', bars(`N+${begin * FPS}`), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-bf', '0'],
      ...['-output_ts_offset', String(begin), '-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
      ...['-f', 'mp4', path.join(day, `${startedAt}.mp4`)],
    ]);
  }
}

/** JPEGs that show their own number as bars, from 0 on. */
export async function makePictures(count: number): Promise<Buffer[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingjing-pictures-'));
  try {
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${SIZE}:r=1:d=${count}`, '-vf', bars('N')],
      ...['-q:v', '2', path.join(folder, '%04d.jpg')],
    ]);
    const names = (await readdir(folder)).sort();
    return await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  } finally {
    await rm(folder, { recursive: true });
  }
}
