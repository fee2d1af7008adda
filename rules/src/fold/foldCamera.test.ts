import { describe, expect, it } from '@jest/globals';
import type { StoredObservation } from '@mingjing/contracts';
import fc from 'fast-check';
import { event, picture } from '../../test/cameras.ts';
import type { CameraSeen } from '../model.ts';
import { applyCameraTold, cameraOf, foldCamera } from './foldCamera.ts';

const told = [
  picture('09:00:00', 'live'),
  picture('10:00:00', 'frozen', { reason: '画面停止' }),
  picture('10:00:10', 'retrying', { attempt: 1, reason: 'refused' }),
  picture('10:00:11', 'connecting', { attempt: 1 }),
  picture('10:00:12', 'retrying', { attempt: 2, reason: 'refused' }),
  picture('10:03:00', 'live'),
  picture('10:03:05', 'idle'),
  event('10:00:05', 'tamper', true, 'dark'),
  event('10:00:06', 'tamper', true, 'moved'),
  event('10:01:06', 'tamper', false, 'moved'),
  event('10:02:00', 'tamper', false, 'dark'),
  event('10:02:30', 'signal-loss', null, 'lost'),
];

/** As the pipeline does it: in order while it goes, all anew where one comes late. */
function asItComes(all: readonly StoredObservation[]): CameraSeen | null {
  let seen: CameraSeen | null = null;
  for (const [index, one] of all.entries()) {
    const next = applyCameraTold(seen, one);
    seen = next === 'refold' ? foldCamera(all.slice(0, index + 1)) : next;
  }
  return seen;
}

describe('what was told of a camera', () => {
  it('is folded into runs, each with what was told last within it', () => {
    const seen = foldCamera(told)!;
    expect(seen.picture).toMatchObject([
      { picture: 'live' },
      { picture: 'lost', state: 'retrying', attempt: 2, reason: 'refused' },
      { picture: 'live' },
      { picture: 'off', state: 'idle' },
    ]);
    expect(seen.alarms.tamper.map(({ on, text }) => [on, text])).toEqual([
      [true, 'dark'],
      [false, 'dark'],
    ]);
    expect(seen.alarms['signal-loss']).toMatchObject([{ on: true, moment: true, text: 'lost' }]);
  });

  it('comes out the same in whatever order it comes, and however often', () => {
    const whole = foldCamera(told);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(told, { minLength: told.length }),
        fc.array(fc.constantFrom(...told), { maxLength: 6 }),
        (shuffled, again) => {
          expect(asItComes(shuffled)).toEqual(whole);
          expect(foldCamera([...shuffled, ...again])).toEqual(whole);
        },
      ),
    );
  });

  it('changes nothing when it is told again later', () => {
    const once = foldCamera([picture('10:00:00', 'frozen', { reason: 'x' })])!;
    const twice = foldCamera([
      picture('10:00:00', 'frozen', { reason: 'x' }),
      picture('10:00:30', 'frozen', { reason: 'x' }),
    ])!;
    expect(twice.picture).toEqual(once.picture);
  });

  it('ends an alarm in words of its own, and forgets what lies before a long picture', () => {
    const ended = foldCamera([
      event('10:00:00', 'tamper', true, 'covered since 10:00'),
      event('10:01:00', 'tamper', false, 'free again'),
    ])!;
    expect(ended.active.tamper).toEqual([]);
    const long = foldCamera([
      picture('08:00:00', 'retrying'),
      picture('08:01:00', 'live'),
      picture('09:30:00', 'retrying'),
    ])!;
    expect(long.picture.map(({ picture: is }) => is)).toEqual(['live', 'lost']);
  });

  it('is held apart from what the media host cannot know, and from motion', () => {
    const silent = foldCamera([picture('10:00:00', 'failed', { hostSilent: true })])!;
    expect(silent.picture).toMatchObject([{ picture: 'unknown' }]);
    expect(cameraOf(event('10:00:00', 'motion', true, 'm'))).toBeUndefined();
    expect(cameraOf(event('10:00:00', 'tamper', true, 'm'))).toBe('zz-3');
  });
});
