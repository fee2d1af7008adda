import { describe, expect, test } from '@jest/globals';
import type { Alert, CameraTile } from '@mingjing/contracts';
import { replayOf } from './replayOf.ts';

const AT = Date.UTC(2026, 10, 24, 3);
const alert = (more: Partial<Alert>) =>
  ({ at: AT, region: '130681', counter: 'zz-7', caseId: null, ...more }) as Alert;
const camera = (id: string, counter: string, region = '130681') => ({ id, counter, region }) as CameraTile;
const CAMERAS = [
  camera('a', 'zz-7'),
  camera('b', 'zz-8'),
  camera('c', 'zz-7'),
  camera('d', 'zz-7', '130682'),
];

describe('the replay of an alert', () => {
  test('is that of its case, or of the cameras of its counter, from a little before', () => {
    const at = String(AT - 10_000);
    expect(replayOf(alert({ caseId: '130681:1' }), CAMERAS)).toEqual({
      name: 'case',
      params: { caseId: '130681:1' },
      query: { at },
    });
    expect(replayOf(alert({}), CAMERAS)).toEqual({ path: '/playback', query: { cameras: 'a,c', at } });
  });

  test('of a camera begins with that one, wherever it hangs', () => {
    const query = (more: Partial<Alert>) => {
      const place = replayOf(alert(more), CAMERAS);
      return place && typeof place === 'object' ? place.query : null;
    };
    const at = String(AT - 10_000);
    expect(query({ camera: 'c' })).toEqual({ cameras: 'c,a', at });
    expect(query({ camera: 'gate', counter: null })).toEqual({ cameras: 'gate', at });
  });

  test('is none where nothing was filmed', () => {
    expect(replayOf(alert({ counter: null }), CAMERAS)).toBeNull();
    expect(replayOf(alert({ counter: 'zz-9' }), CAMERAS)).toBeNull();
  });
});
