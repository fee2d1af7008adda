import type { Grid, TileContent } from '@mingjing/contracts';

/** What can stand on a tile, by the id of the camera or screen. */
export type Filling = Extract<TileContent, { kind: 'camera' | 'screen' }>;

/** The name of what a tile shows: the same for the same thing, wherever it stands. */
export function contentKey(content: TileContent): string {
  switch (content.kind) {
    case 'camera':
      return `camera:${content.camera}`;
    case 'screen':
      return `screen:${content.screen}`;
    case 'case':
      return `case:${content.caseId}`;
    case 'text':
      return `text:${content.text}`;
    case 'next':
      return 'next';
  }
}

/** How many tiles of a grid the wall fills by itself. */
export function openPlaces(grid: Grid): number {
  return grid.tiles.filter(({ content }) => content.kind === 'next').length;
}

/**
 * Fills the `next` tiles, the largest first, with what is not on the grid by name already.
 * @param fillings in the order in which they are wanted; what has no room is on a later page
 * @param page from 0; the last page is filled up from the one before, and a page that is not there is the last
 * @returns the grid with its tiles in their own order (tiles that nothing is left for stay `next`), and how many pages there are
 */
export function fillGrid(
  grid: Grid,
  fillings: readonly Filling[],
  page = 0,
): { grid: Grid; pages: number; page: number } {
  const named = new Set(grid.tiles.map(({ content }) => contentKey(content)));
  const left = fillings.filter((filling) => !named.has(contentKey(filling)));
  const room = openPlaces(grid);
  const pages = room === 0 ? 1 : Math.max(1, Math.ceil(left.length / room));
  const at = Math.min(Math.max(page, 0), pages - 1);
  const start = Math.max(0, Math.min(at * room, left.length - room));
  const bySize = grid.tiles
    .map((tile, index) => ({ tile, index }))
    .filter(({ tile }) => tile.content.kind === 'next')
    .sort((one, other) => other.tile.w * other.tile.h - one.tile.w * one.tile.h || one.index - other.index);
  const given = new Map(bySize.map(({ index }, order) => [index, left[start + order]]));
  const tiles = grid.tiles.map((tile, index) => {
    const content = given.get(index);
    return content ? { ...tile, content } : tile;
  });
  return { grid: { ...grid, tiles }, pages, page: at };
}

/**
 * Brings something to the largest tile at once: it changes places with what stood there, or takes its place.
 * Nothing else moves.
 */
export function bringTo(grid: Grid, what: Filling): Grid {
  const area = ({ w, h }: Grid['tiles'][number]): number => w * h;
  const largest = grid.tiles.reduce((best, tile) => (area(tile) > area(best) ? tile : best));
  const here = grid.tiles.find(({ content }) => contentKey(content) === contentKey(what));
  const tiles = grid.tiles.map((tile) => {
    if (tile === largest) return { ...tile, content: what };
    return tile === here ? { ...tile, content: largest.content } : tile;
  });
  return { ...grid, tiles };
}
