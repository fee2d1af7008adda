import { describe, expect, test } from '@jest/globals';
import type { StreamStatus } from '@mingjing/contracts';
import { retryDelay } from './retryDelay.ts';
import { tileView } from './tileView.ts';
import type { PlayerView } from './tileView.ts';

const tile = { state: 'live', mode: 'copy', since: 100, attempt: null, retryAt: null, reason: null } as const;
const playing: PlayerView = { phase: 'playing', since: 900, reason: null, retryAt: null };
const waiting: PlayerView = { ...playing, phase: 'waiting' };
const stalled: PlayerView = { ...playing, phase: 'stalled' };
const retrying = {
  state: 'retrying',
  mode: null,
  since: 300,
  attempt: 7,
  retryAt: 5000,
  reason: 'no route',
} as const;

describe('a tile', () => {
  test('is live only when frames come', () => {
    expect(tileView(tile, null, playing)).toMatchObject({ state: 'live', since: 900 });
    expect(tileView(tile, null, waiting).state).toBe('connecting');
  });

  test('is frozen when no frame came for a while though the source calls itself live', () => {
    expect(tileView(tile, null, stalled)).toMatchObject({ state: 'frozen', since: 900 });
  });

  test('is frozen when the source is known to stand still though frames come', () => {
    expect(tileView({ ...tile, state: 'frozen' }, null, playing)).toMatchObject({
      state: 'frozen',
      since: 100,
    });
  });

  test('that lost its source tells the attempt, the next one and the reason', () => {
    expect(tileView({ ...tile, ...retrying }, null, stalled)).toMatchObject({
      state: 'off',
      since: 300,
      attempt: 7,
      retryAt: 5000,
      reason: 'no route',
    });
  });

  test('believes the media host before the centre', () => {
    const status = { ...retrying, state: 'live', mode: 'transcode' } as unknown as StreamStatus;
    expect(tileView({ ...tile, ...retrying }, status, playing)).toMatchObject({
      state: 'live',
      transcoded: true,
    });
  });

  test('says why when the media host itself cannot be had', () => {
    const player = { ...waiting, reason: 'websocket error', retryAt: 4000 };
    expect(tileView(tile, null, player)).toMatchObject({
      state: 'off',
      reason: 'websocket error',
      retryAt: 4000,
    });
  });
});

test('retries soon at first, then ever more patiently', () => {
  expect([1, 5, 6, 10, 11, 99].map(retryDelay)).toEqual([1000, 1000, 5000, 5000, 10_000, 10_000]);
});
