import type { Alert, CameraTile, Grid, ScreenTile, TilePlace } from '@mingjing/contracts';
import { bringTo, fillGrid } from '../../layouts/fillGrid.ts';
import type { Filling } from '../../layouts/fillGrid.ts';

export type Tile =
  { key: string; kind: 'camera'; camera: CameraTile } | { key: string; kind: 'screen'; screen: ScreenTile };

/** The place of a tile's counter, to know what belongs together. */
function placeOf(tile: Tile): { region: string; counter: string | null } {
  return tile.kind === 'camera' ? tile.camera : tile.screen;
}

/** Every camera, each followed by the screens of its counter; screens without a camera come last. */
export function arrangeTiles(cameras: readonly CameraTile[], screens: readonly ScreenTile[]): Tile[] {
  const left = new Map(screens.map((screen) => [screen.id, screen]));
  const asTile = (screen: ScreenTile): Tile => ({ key: `screen:${screen.id}`, kind: 'screen', screen });
  const paired = cameras.flatMap((camera): Tile[] => {
    const own = [...left.values()].filter(
      ({ region, counter }) => counter !== null && counter === camera.counter && region === camera.region,
    );
    for (const { id } of own) left.delete(id);
    return [{ key: `camera:${camera.id}`, kind: 'camera', camera }, ...own.map(asTile)];
  });
  return [...paired, ...[...left.values()].map(asTile)];
}

/**
 * The tiles of an alert: the camera that it is about, then those of its counter, whose first camera (or screen, where
 * it has no camera) comes first.
 */
export function tilesOfAlert(tiles: readonly Tile[], alert: Alert): Tile[] {
  const isOwn = (tile: Tile): boolean => tile.kind === 'camera' && tile.camera.id === alert.camera;
  const own = tiles.filter(isOwn);
  if (alert.counter === null) return own;
  const there = tiles.filter((tile) => {
    const { region, counter } = placeOf(tile);
    return counter === alert.counter && region === alert.region && !isOwn(tile);
  });
  return [...own, ...there];
}

interface Cells {
  columns: number;
  rows: number;
}

const MOST_COLUMNS = 8;
const MOST_AUTO_CELLS = 24;
/** A picture smaller than this (px²; 377 × 212) tells nothing across a room: the pages turn instead. */
const LEAST_CELL_AREA = 80_000;
const PICTURE = 16 / 9;

/** The area of one 16:9 picture in a cell of the grid, in px². */
function pictureArea({ columns, rows }: Cells, width: number, height: number): number {
  const cellWidth = width / columns;
  const cellHeight = height / rows;
  return cellWidth / cellHeight > PICTURE ? cellHeight ** 2 * PICTURE : cellWidth ** 2 / PICTURE;
}

/**
 * The grid that shows so many cells largest as 16:9 pictures in a space of width × height px.
 * @param least columns and rows that there must be at least: 2 where a tile takes 2×2 cells
 */
export function chooseGrid(cells: number, width: number, height: number, least = 1): Cells {
  let best: Cells = { columns: least, rows: Math.max(least, Math.ceil(cells / least)) };
  for (let columns = least; columns <= MOST_COLUMNS; columns += 1) {
    const grid = { columns, rows: Math.max(least, Math.ceil(cells / columns)) };
    if (pictureArea(grid, width, height) > pictureArea(best, width, height) * 1.001) best = grid;
  }
  return best;
}

/** How many columns and rows so many tiles want, one of which may take 2×2 cells. */
function cellsFor(tiles: number, big: boolean, width: number, height: number): Cells {
  const room = Math.max(Math.floor((width * height) / LEAST_CELL_AREA), 4);
  const cells = Math.min(Math.max(tiles, 1) + (big ? 3 : 0), room, MOST_AUTO_CELLS);
  return chooseGrid(cells, width, height, big ? 2 : 1);
}

interface Page {
  /** What is shown, in the order of the whole: a tile never moves in the document. */
  tiles: Tile[];
  pages: number;
  /** The page that is shown: the one asked for, or the last there is. */
  page: number;
}

/**
 * One page of tiles. Those in focus are on every page, the first of them taking 2×2 cells.
 * @param page from 0
 */
export function pageOf(tiles: readonly Tile[], focus: readonly Tile[], grid: Cells, page: number): Page {
  const capacity = grid.columns * grid.rows;
  const pinned = focus.slice(0, Math.max(1, capacity - 3));
  const taken = pinned.length > 0 ? pinned.length + 3 : 0;
  const rest = tiles.filter((tile) => !pinned.includes(tile));
  const room = Math.max(capacity - taken, 0);
  const pages = room === 0 ? 1 : Math.max(1, Math.ceil(rest.length / room));
  const at = Math.min(page, pages - 1);
  // The last page is filled up from the one before: no empty cells while there is something to show.
  const start = Math.max(0, Math.min(at * room, rest.length - room));
  const shown = new Set([...pinned, ...rest.slice(start, start + room)]);
  return { tiles: tiles.filter((tile) => shown.has(tile)), pages, page: at };
}

function fillingOf(tile: Tile): Filling {
  return tile.kind === 'camera'
    ? { kind: 'camera', camera: tile.camera.id }
    : { kind: 'screen', screen: tile.screen.id };
}

/** What the stage shows, and how many pages there are. */
export interface Shown {
  grid: Grid;
  pages: number;
}

/** As many tiles as the space of width × height px has room for; what an alert is about first, on 2×2 cells. */
export function autoLayout(
  tiles: readonly Tile[],
  focus: readonly Tile[],
  { width, height }: { width: number; height: number },
  page: number,
): Shown {
  const big = focus.length > 0;
  const { columns, rows } = cellsFor(tiles.length, big, width, height);
  const shown = pageOf(tiles, focus, { columns, rows }, page);
  const rest = shown.tiles.filter((tile) => !focus.includes(tile));
  const ordered = [...focus.filter((tile) => shown.tiles.includes(tile)), ...rest];
  const free: TilePlace[] = [];
  if (big) free.push({ x: 0, y: 0, w: 2, h: 2, content: { kind: 'next' } });
  for (let y = 0; y < rows; y += 1)
    for (let x = 0; x < columns; x += 1)
      if (!big || x > 1 || y > 1) free.push({ x, y, w: 1, h: 1, content: { kind: 'next' } });
  const places = free.flatMap((place, at) => {
    const tile = ordered[at];
    return tile ? [{ ...place, content: fillingOf(tile) }] : [];
  });
  return { grid: { columns, rows, tiles: places }, pages: shown.pages };
}

/** A layout that somebody chose, filled; what an alert is about takes its largest tile. */
export function chosenLayout(
  layout: Grid,
  tiles: readonly Tile[],
  focus: readonly Tile[],
  page: number,
): Shown {
  const { grid, pages } = fillGrid(layout, tiles.map(fillingOf), page);
  const first = focus[0];
  return { grid: first ? bringTo(grid, fillingOf(first)) : grid, pages };
}
