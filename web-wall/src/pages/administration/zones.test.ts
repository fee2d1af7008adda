import { describe, expect, test } from '@jest/globals';
import { screenZoneSchema } from '@mingjing/contracts';
import { nudged, zoneBetween } from './zones.ts';

describe('zones of a screen', () => {
  test('lie between where a drag began and ended, in the picture, and are none when nothing was dragged', () => {
    expect(zoneBetween({ x: 0.8, y: 0.5 }, { x: 0.2, y: 1.3 }, 'cover')).toEqual({
      ...{ what: 'cover', x: 0.2, y: 0.5, width: 0.6, height: 0.5 },
    });
    expect(zoneBetween({ x: 0.5, y: 0.5 }, { x: 0.505, y: 0.9 }, 'ignore')).toBeNull();
  });

  test('are moved and resized by keys, and never leave the picture', () => {
    const zone = { what: 'cover', x: 0.5, y: 0, width: 0.495, height: 0.02 } as const;
    expect(nudged(zone, 'ArrowRight', false)).toMatchObject({ x: 0.505, width: 0.495 });
    expect(nudged(zone, 'ArrowUp', false)).toEqual(zone);
    expect(nudged(zone, 'ArrowDown', true)).toMatchObject({ height: 0.03 });
    expect(nudged(zone, 'Enter', true)).toEqual(zone);
    let moved = nudged(zone, 'ArrowRight', true);
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowUp']) moved = nudged(moved, key, true);
    expect(screenZoneSchema.parse(moved)).toMatchObject({ width: 0.5, height: 0.01 });
  });
});
