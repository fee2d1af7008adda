import { gridSchema } from '@mingjing/contracts';
import type { Grid, TileContent, TilePlace } from '@mingjing/contracts';

/** Steps that can be taken back. */
export interface History {
  past: readonly Grid[];
  now: Grid;
  future: readonly Grid[];
}
const MOST_STEPS = 100;

export const begin = (grid: Grid): History => ({ past: [], now: grid, future: [] });

/** Goes on to a grid; one that could not be kept, or is the same, changes nothing. */
export function advance(history: History, next: Grid): History {
  if (!gridSchema.safeParse(next).success) return history;
  if (JSON.stringify(next) === JSON.stringify(history.now)) return history;
  return { past: [...history.past.slice(1 - MOST_STEPS), history.now], now: next, future: [] };
}
export function undo({ past, now, future }: History): History {
  const last = past.at(-1);
  return last ? { past: past.slice(0, -1), now: last, future: [now, ...future] } : { past, now, future };
}
export function redo({ past, now, future }: History): History {
  const [next, ...later] = future;
  return next ? { past: [...past, now], now: next, future: later } : { past, now, future };
}

const overlap = (one: TilePlace, other: TilePlace): boolean =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;

/** Moves and resizes one tile by whole cells; where there is no room the grid stays as it is. */
export function shift(
  grid: Grid,
  index: number,
  by: { x?: number; y?: number; w?: number; h?: number },
): Grid {
  const tile = grid.tiles[index];
  if (!tile) return grid;
  const { x = 0, y = 0, w = 0, h = 0 } = by;
  const next = { ...tile, x: tile.x + x, y: tile.y + y, w: tile.w + w, h: tile.h + h };
  const inside =
    next.x >= 0 &&
    next.y >= 0 &&
    next.w >= 1 &&
    next.h >= 1 &&
    next.x + next.w <= grid.columns &&
    next.y + next.h <= grid.rows;
  const free = grid.tiles.every((other, at) => at === index || !overlap(next, other));
  return inside && free ? { ...grid, tiles: grid.tiles.with(index, next) } : grid;
}

/** Puts something into a cell, or into the first free one; on a tile that fills itself, it takes its place. Null: no room. */
export function put(grid: Grid, content: TileContent, cell?: { x: number; y: number }): Grid | null {
  const at = (x: number, y: number): TilePlace => ({ x, y, w: 1, h: 1, content });
  const under = cell ? grid.tiles.findIndex((tile) => overlap(tile, at(cell.x, cell.y))) : -1;
  const open = under === -1 ? grid.tiles.findIndex((tile) => tile.content.kind === 'next') : under;
  const free = (place: TilePlace): boolean => grid.tiles.every((tile) => !overlap(tile, place));
  const all = Array.from({ length: grid.columns * grid.rows }, (_, n) =>
    at(n % grid.columns, Math.floor(n / grid.columns)),
  );
  if (cell && under === -1) return { ...grid, tiles: [...grid.tiles, at(cell.x, cell.y)] };
  const old = grid.tiles[open];
  if (old && content.kind !== 'next') return { ...grid, tiles: grid.tiles.with(open, { ...old, content }) };
  const place = all.find(free);
  return place ? { ...grid, tiles: [...grid.tiles, place] } : null;
}

/** Takes a tile away; the last one stays. */
export function without(grid: Grid, index: number): Grid {
  return grid.tiles.length < 2 ? grid : { ...grid, tiles: grid.tiles.toSpliced(index, 1) };
}

/** Another number of columns and rows; tiles that have no place on it any more are gone, and one at least is there. */
export function resized(grid: Grid, { columns, rows }: { columns: number; rows: number }): Grid {
  const tiles = grid.tiles.filter(({ x, y, w, h }) => x + w <= columns && y + h <= rows);
  const one: TilePlace = { x: 0, y: 0, w: 1, h: 1, content: { kind: 'next' } };
  return { columns, rows, tiles: tiles.length > 0 ? tiles : [one] };
}
