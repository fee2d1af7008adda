import { describe, expect, test } from '@jest/globals';
import type { Alert, CameraTile, CaseTick, Delta, ScreenTile, WallSnapshot } from '@mingjing/contracts';
import { applyDelta } from './applyDelta.ts';
import { stepFor } from './position.ts';

const region = { code: '130600', name: '保定市', nameEn: 'Baoding', tier: 'city', parent: null } as const;

function alert(id: number, raisedAt: number, state: Alert['state'] = 'open'): Alert {
  return { id, raisedAt, state, kind: 'red' } as Alert;
}

function wall(changes: Partial<WallSnapshot> = {}): WallSnapshot {
  return {
    scope: { ...region, zone: 'Asia/Shanghai', calendar: 'cn' },
    children: [],
    cameras: [],
    screens: [],
    sources: [],
    alerts: [],
    figures: { accepted: 0 } as WallSnapshot['figures'],
    regions: [],
    recent: [],
    ...changes,
  };
}

describe('a delta', () => {
  test('of an alert puts the newest first and replaces the same one', () => {
    const before = wall({ alerts: [alert(2, 200), alert(1, 100)] });
    const after = applyDelta(before, { type: 'alert', alert: alert(3, 150) });
    expect(after.alerts.map(({ id }) => id)).toEqual([2, 3, 1]);
    const acknowledged = applyDelta(after, { type: 'alert', alert: alert(3, 150, 'acknowledged') });
    expect(acknowledged.alerts.map(({ id, state }) => [id, state])).toEqual([
      [2, 'open'],
      [3, 'acknowledged'],
      [1, 'open'],
    ]);
  });

  test.each(['closed', 'rescinded', 'ordered', 'answered'] as const)(
    'takes an alert that is %s away',
    (state) => {
      const before = wall({ alerts: [alert(1, 100)] });
      expect(applyDelta(before, { type: 'alert', alert: alert(1, 100, state) }).alerts).toEqual([]);
    },
  );

  test('never holds more than 200 alerts', () => {
    const full = wall({ alerts: Array.from({ length: 200 }, (_, at) => alert(at + 1, 1000 - at)) });
    const after = applyDelta(full, { type: 'alert', alert: alert(999, 5000) });
    expect(after.alerts).toHaveLength(200);
    expect(after.alerts[0]?.id).toBe(999);
  });

  test('of a camera replaces it in place and leaves the rest as it was', () => {
    const cameras = [
      { id: 'a', state: 'live' },
      { id: 'b', state: 'live' },
    ] as CameraTile[];
    const before = wall({ cameras });
    const after = applyDelta(before, { type: 'camera', camera: { id: 'a', state: 'frozen' } as CameraTile });
    expect(after.cameras.map(({ state }) => state)).toEqual(['frozen', 'live']);
    expect(after.cameras[1]).toBe(before.cameras[1]);
    expect(after.screens).toBe(before.screens);
    expect(before.cameras[0]?.state).toBe('live');
  });

  test('takes a camera or a screen away that has gone, and one that was never held leaves all as it was', () => {
    const before = wall({
      cameras: [{ id: 'a' }, { id: 'b' }] as CameraTile[],
      screens: [{ id: 'a' }, { id: 'b' }] as ScreenTile[],
    });
    const withoutCamera = applyDelta(before, { type: 'cameraGone', camera: 'a' });
    expect(withoutCamera.cameras.map(({ id }) => id)).toEqual(['b']);
    expect(withoutCamera.screens).toBe(before.screens);
    const withoutBoth = applyDelta(withoutCamera, { type: 'screenGone', screen: 'b' });
    expect(withoutBoth.screens.map(({ id }) => id)).toEqual(['a']);
    expect(applyDelta(withoutBoth, { type: 'cameraGone', camera: 'a' })).toEqual(withoutBoth);
    // It may come back.
    const back = applyDelta(withoutBoth, { type: 'camera', camera: { id: 'a' } as CameraTile });
    expect(back.cameras.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  test('of a case told twice stands once', () => {
    const tick = { caseId: 'c', kind: 'case.accepted', at: 5 } as CaseTick;
    const after = applyDelta(applyDelta(wall(), { type: 'case', tick }), { type: 'case', tick });
    expect(after.recent).toHaveLength(1);
  });
});

describe('a batch', () => {
  const position = { scope: '130600', epoch: 'e', seq: 10 };
  const deltas = [7, 8, 9].map((id): Delta => ({ type: 'alert', alert: alert(id, id) }));
  const batch = { scope: '130600', epoch: 'e', deltas };

  test('that follows is taken whole', () => {
    expect(stepFor(position, { ...batch, seq: 13 })).toEqual({ take: deltas, seq: 13 });
  });
  test('that overlaps is taken from where it is new', () => {
    expect(stepFor(position, { ...batch, seq: 11 })).toEqual({ take: deltas.slice(2), seq: 11 });
  });
  test('seen before, or of a scope left, is nothing new', () => {
    expect(stepFor(position, { ...batch, seq: 10 })).toBe('nothing-new');
    expect(stepFor(position, { ...batch, scope: '130681', seq: 13 })).toBe('nothing-new');
  });
  test('after a hole, or of another epoch, is a gap', () => {
    expect(stepFor(position, { ...batch, seq: 14 })).toBe('gap');
    expect(stepFor(position, { ...batch, epoch: 'f', seq: 13 })).toBe('gap');
  });
});
