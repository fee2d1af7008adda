import { expect, test } from '@jest/globals';
import type { CameraTile, ScreenTile } from '@mingjing/contracts';
import { idsOf, playablesOf, startingChoice, startingInstant } from './playables.ts';

const NOW = Date.parse('2026-12-01T12:00:00+08:00');
const SECOND = 1000;
const place = { name: 'n', region: '130681', regionName: 'r', hall: 'h', counter: null };
const camera = (id: string): CameraTile => ({
  ...{ ...place, id, state: 'live', mode: 'copy', since: null, attempt: null, retryAt: null, reason: null },
  ...{ ptz: false, recording: 'continuous' },
});
const screen = (id: string, seenAt: number | null): ScreenTile => ({
  ...{ ...place, id, sha256: seenAt === null ? null : 'a', masked: true, seenAt, unchangedSince: null },
});
const cameras = ['a', 'b', 'c', 'd', 'e', 'f'].map(camera);
/** `a` was recorded last, and `f` not at all. */
const extents = ['a', 'b', 'c', 'd', 'e'].map((id, index) => ({
  ...{ camera: id, from: NOW - 3_600_000, to: NOW - index * 100 * SECOND },
}));
const all = playablesOf(cameras, [screen('a', NOW), screen('s', null)], extents.toReversed());

test('what can be played says of what there are recordings; a screen may be called like a camera', () => {
  expect(all.map(({ key, recorded }) => [key, recorded?.to ?? null])).toEqual([
    ...extents.map(({ camera: id, to }) => [`camera ${id}`, to]),
    ...[
      ['camera f', null],
      ['screen a', NOW],
      ['screen s', null],
    ],
  ]);
  expect(playablesOf(cameras, [], null).every(({ recorded }) => recorded === undefined)).toBe(true);
  expect(idsOf('screen', ['camera a', 'screen a', 'screen b c'])).toEqual(['a', 'b c']);
});

test('without a wish the four cameras that were recorded last are played', () => {
  const keys = ['a', 'b', 'c', 'd'].map((id) => `camera ${id}`);
  expect(startingChoice(all, [])).toEqual({ keys, why: 'recent' });
  expect(startingChoice(all, ['camera f', 'camera gone'])).toEqual({ keys, why: 'recent' });
  expect(startingChoice(playablesOf(cameras, [], []), [])).toEqual({ keys: [], why: 'recent' });
});

test('what was played last is played again, as far as there is something of it', () => {
  expect(startingChoice(all, ['screen a', 'camera f', 'camera e'])).toEqual({
    keys: ['screen a', 'camera e'],
    why: 'last',
  });
});

test('the clock begins a little before now, where something was recorded', () => {
  const begin = (from: number | null, to: number) =>
    (NOW - startingInstant([{ ...all[0]!, recorded: { from, to: NOW - to * SECOND } }, all[5]!], NOW)) /
    SECOND;
  expect(begin(0, 3)).toBe(60);
  expect(begin(0, 600)).toBe(615);
  // What was begun half a minute ago is played from there.
  expect(begin(NOW - 30 * SECOND, 3)).toBe(30);
  expect(begin(null, 600)).toBe(615);
  expect((NOW - startingInstant([], NOW)) / SECOND).toBe(60);
});
