import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeFilm } from '../../test/film.ts';
import type { FragmentTimes } from './film.ts';
import type { FragmentInit } from './fragments.ts';
import { FragmentSplitter } from './splitter.ts';

interface Split {
  inits: FragmentInit[];
  fragments: (FragmentTimes & { bytes: Buffer })[];
}

function split(film: Buffer, cuts: readonly number[]): Split {
  const got: Split = { inits: [], fragments: [] };
  const splitter = new FragmentSplitter({
    onInit: (init) => got.inits.push(init),
    onFragment: (bytes, times) => got.fragments.push({ bytes, ...times }),
  });
  const places = [0, ...cuts.map((cut) => cut % film.length).sort((a, b) => a - b), film.length];
  for (const [index, place] of places.entries())
    if (index > 0) splitter.push(Buffer.from(film.subarray(places[index - 1], place)));
  return got;
}

/** What was found, short enough to compare many times. */
function digest({ inits, fragments }: Split): unknown[] {
  const sum = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');
  return [...inits, ...fragments].map(({ bytes, ...said }) => ({ ...said, sum: sum(bytes) }));
}

let film: Buffer;
beforeAll(async () => {
  film = await makeFilm(3, '-profile:v', 'baseline');
});

describe('a film of ffmpeg', () => {
  test('is cut into its head and fragments that say when they begin and whether with a key frame', () => {
    const { inits, fragments } = split(film, []);
    expect(inits).toMatchObject([{ mimeType: 'video/mp4; codecs="avc1.42c00c"', width: 320, height: 180 }]);
    expect(fragments.filter(({ keyframe }) => keyframe).map(({ mediaTime }) => mediaTime)).toEqual([0, 1, 2]);
    expect(fragments.reduce((sum, { duration }) => sum + duration, 0)).toBeCloseTo(3, 3);
    for (const [index, { mediaTime }] of fragments.entries()) {
      const before = fragments[index - 1];
      if (before) expect(mediaTime).toBeCloseTo(before.mediaTime + before.duration, 3);
    }
  });

  test('however it comes in pieces', () => {
    const whole = digest(split(film, []));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), (cuts) => {
        expect(digest(split(film, cuts))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
    const begin = film.subarray(0, 3000);
    const byByte = Array.from(begin, (_, index) => index);
    expect(digest(split(begin, byByte))).toEqual(digest(split(begin, [])));
  });

  test('with B-frames too, and a codec no browser knows is named', async () => {
    const { fragments } = split(await makeFilm(3, '-bf', '2'), []);
    expect(fragments.filter(({ keyframe }) => keyframe)).toHaveLength(3);
    const { inits } = split(await makeFilm(3, '-c:v', 'mpeg4'), []);
    expect(inits[0]?.mimeType).toBe('video/mp4; codecs="mp4v"');
  });

  test('anything else is refused', () => {
    expect(() => split(Buffer.from('no film at all, whatever it is'), [])).toThrow('no fragmented MP4');
    expect(() => split(Buffer.from([0, 0, 0, 8, ...Buffer.from('mdat')]), [])).toThrow('without a head');
  });
});
