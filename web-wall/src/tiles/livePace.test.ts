import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beginPace, look, type Pace, type Shown } from './livePace.ts';

const LOOKS_IN_AN_HOUR = 1200;
const ALONE = { places: 16, waiting: 0 };

/** A machine that shows so many pictures smoothly; from there on all of them stumble. */
function seen(playing: number, bears: number): Shown[] {
  const shown = playing <= bears ? 30 : Math.floor((30 * bears) / playing) - 4;
  return Array.from({ length: playing }, () => ({ came: 30, shown }));
}

/** The limits that a wall with so many tiles goes through, each change once. */
function run(pace: Pace, tiles: number, bears: number, looks: number): { pace: Pace; limits: number[] } {
  const limits = [pace.limit];
  let now = pace;
  for (let index = 0; index < looks; index += 1) {
    const playing = Math.min(tiles, now.limit);
    now = look(now, seen(playing, bears), { places: playing, waiting: tiles - playing });
    if (now.limit !== limits.at(-1)) limits.push(now.limit);
  }
  return { pace: now, limits };
}

test('it begins with an estimate by the cores', () => {
  expect([1, 2, 8, 32].map((cores) => beginPace(cores).limit)).toEqual([8, 16, 64, 64]);
});

test('it gives pictures to tiles that wait while all is smooth, and takes some when many stumble', () => {
  expect(run(beginPace(2), 64, 64, 60).limits).toEqual([16, 20, 25, 31, 38, 47, 58, 64]);
  expect(run(beginPace(8), 64, 30, 60).limits.slice(0, 4)).toEqual([64, 48, 36, 27]);
  expect(run(beginPace(2), 16, 64, 60).limits).toEqual([16]);
});

test('it does not flap: what was too many is tried again only after a rest that grows', () => {
  const { limits, pace } = run(beginPace(2), 64, 30, LOOKS_IN_AN_HOUR);
  expect(pace.limit).toBeLessThanOrEqual(38);
  const falls = limits.filter((limit, index) => limit < (limits[index - 1] ?? 0));
  expect(falls.length).toBeGreaterThan(0);
  expect(falls.length).toBeLessThanOrEqual(5);
});

test('one bad camera, one bad look or a source that stands still changes nothing', () => {
  const bad: Shown[] = [{ came: 30, shown: 3 }, ...seen(15, 64)];
  const still = Array.from({ length: 16 }, () => ({ came: 0, shown: 0 }));
  let pace = beginPace(2);
  for (let index = 0; index < 50; index += 1) pace = look(pace, index % 2 === 0 ? bad : still, ALONE);
  expect(pace.limit).toBe(16);
  for (const bears of [64, 8, 64, 64, 8, 64]) pace = look(pace, seen(16, bears), ALONE);
  expect(pace.limit).toBe(16);
});

test('whatever is seen, it stays between 4 and 64', () => {
  const picture = fc.record({ came: fc.nat(60), shown: fc.nat(60) });
  const looks = fc.array(fc.tuple(fc.array(picture, { maxLength: 64 }), fc.nat(64)), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), looks, (cores, all) => {
      let pace = beginPace(cores);
      for (const [pictures, waiting] of all) {
        pace = look(pace, pictures, { places: pictures.length, waiting });
        expect(pace.limit).toBeGreaterThanOrEqual(4);
        expect(pace.limit).toBeLessThanOrEqual(64);
      }
    }),
  );
});
