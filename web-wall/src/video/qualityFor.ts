import type { Quality } from '@mingjing/contracts';

/** Small streams are some 640 to 704 pixels wide: a tile that is wider is worth the whole picture. */
const MAIN_FROM = 800;
/** A tile must become so much smaller before it goes back: its size is dragged, and windows are. */
const SUB_BELOW = 700;

/**
 * Which of a camera's streams a tile shows.
 * @param width of the tile, in pixels of the screen
 * @param now what it shows
 */
export function qualityFor(width: number, now: Quality): Quality {
  if (width >= MAIN_FROM) return 'main';
  return width < SUB_BELOW ? 'sub' : now;
}
