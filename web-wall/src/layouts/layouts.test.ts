import { describe, expect, test } from '@jest/globals';
import { gridSchema } from '@mingjing/contracts';
import type { Grid } from '@mingjing/contracts';
import fc from 'fast-check';
import { contentKey, fillGrid, openPlaces } from './fillGrid.ts';
import type { Filling } from './fillGrid.ts';
import { neighbourOf } from './neighbour.ts';
import { PRESET_SIZES, gridFor, presetOf } from './presets.ts';

const camera = (id: string): Filling => ({ kind: 'camera', camera: id });

describe('ready-made layouts', () => {
  test.each(PRESET_SIZES)('%d tiles stand on a grid that can be kept, and cover it', (size) => {
    const grid = presetOf(size);
    expect(gridSchema.parse(grid)).toEqual(grid);
    expect(grid.tiles).toHaveLength(size);
    const covered = grid.tiles.reduce((sum, { w, h }) => sum + w * h, 0);
    expect(covered).toBe(grid.columns * grid.rows);
  });

  test('any number of cameras finds an even grid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (count) => {
        const grid = gridFor(count);
        expect(gridSchema.safeParse(grid).success).toBe(true);
        expect(grid.tiles).toHaveLength(count);
      }),
    );
  });
});

describe('filling a grid', () => {
  const grids = fc.constantFrom(...PRESET_SIZES).chain((size) =>
    fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 5 }).map((fixed): Grid => {
      const grid = presetOf(size);
      const tiles = grid.tiles.map((tile, at) =>
        fixed.includes(at) ? { ...tile, content: camera(`c${at}`) } : tile,
      );
      return { ...grid, tiles };
    }),
  );
  const fillings = fc
    .uniqueArray(fc.integer({ min: 0, max: 150 }), { maxLength: 150 })
    .map((ids) => ids.map((id) => camera(`c${id}`)));

  test('keeps places and what is named, shows nothing twice, leaves nothing open while something is left', () => {
    fc.assert(
      fc.property(grids, fillings, fc.integer({ min: 0, max: 40 }), (grid, wanted, page) => {
        const filled = fillGrid(grid, wanted, page);
        expect(gridSchema.safeParse(filled.grid).success).toBe(true);
        const keys = filled.grid.tiles
          .map(({ content }) => contentKey(content))
          .filter((key) => key !== 'next');
        expect(new Set(keys).size).toBe(keys.length);
        const named = new Set(grid.tiles.map(({ content }) => contentKey(content)));
        const left = wanted.filter((filling) => !named.has(contentKey(filling)));
        expect(openPlaces(filled.grid)).toBe(Math.max(0, openPlaces(grid) - left.length));
        for (const [at, { content }] of grid.tiles.entries())
          if (content.kind !== 'next') expect(filled.grid.tiles[at]?.content).toEqual(content);
      }),
    );
  });

  test('all pages together show everything', () => {
    fc.assert(
      fc.property(fillings, (wanted) => {
        const grid = presetOf(9);
        const { pages } = fillGrid(grid, wanted);
        const shown = new Set<string>();
        for (let page = 0; page < pages; page += 1)
          for (const { content } of fillGrid(grid, wanted, page).grid.tiles) shown.add(contentKey(content));
        for (const filling of wanted) expect(shown).toContain(contentKey(filling));
      }),
    );
  });

  test('the first in order takes the largest place', () => {
    const { grid } = fillGrid(presetOf(6), ['a', 'b'].map(camera));
    expect(grid.tiles[0]).toMatchObject({ w: 2, h: 2, content: camera('a') });
  });
});

describe('the arrow keys', () => {
  const { tiles } = presetOf(6);
  test.each([
    [0, 'right', 1],
    [1, 'left', 0],
    [2, 'down', 5],
    [0, 'down', 3],
    [4, 'up', 0],
    [0, 'left', null],
    [5, 'down', null],
  ] as const)('from tile %d to the %s', (from, direction, to) => {
    expect(neighbourOf(tiles, from, direction)).toBe(to);
  });
});
