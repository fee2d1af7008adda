import type { Grid, TilePlace } from '@mingjing/contracts';

/** How many tiles the ready-made layouts have. */
export const PRESET_SIZES = [1, 4, 6, 9, 16, 25, 36, 64] as const;
export type PresetSize = (typeof PRESET_SIZES)[number];

/** An even grid; every tile is filled by the wall itself. */
export function evenGrid(columns: number, rows: number): Grid {
  const tiles = Array.from({ length: columns * rows }, (_, at): TilePlace => {
    return { x: at % columns, y: Math.floor(at / columns), w: 1, h: 1, content: { kind: 'next' } };
  });
  return { columns, rows, tiles };
}

/** One tile of 2 × 2 cells and five small ones around it. */
function oneLarge(): Grid {
  const places: [number, number, number][] = [
    [0, 0, 2],
    [2, 0, 1],
    [2, 1, 1],
    [0, 2, 1],
    [1, 2, 1],
    [2, 2, 1],
  ];
  const tiles = places.map(([x, y, size]): TilePlace => {
    return { x, y, w: size, h: size, content: { kind: 'next' } };
  });
  return { columns: 3, rows: 3, tiles };
}

/** The ready-made layout with so many tiles. */
export function presetOf(size: PresetSize): Grid {
  const side = Math.sqrt(size);
  return size === 6 ? oneLarge() : evenGrid(side, side);
}

/**
 * The least even grid in which so many tiles have room, as near to square as can be.
 * @param count from 1 to 64
 */
export function gridFor(count: number): Grid {
  const columns = Math.min(8, Math.ceil(Math.sqrt(count)));
  const grid = evenGrid(columns, Math.ceil(count / columns));
  return { ...grid, tiles: grid.tiles.slice(0, count) };
}
