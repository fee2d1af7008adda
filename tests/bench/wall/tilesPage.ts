import type { Page } from 'puppeteer';

/** What a page of tiles has counted since it was opened. */
export interface Counted {
  /** ms since the page began. */
  at: number;
  /** Frames of all pictures: that came, that were decoded, that were shown. */
  came: number;
  decoded: number;
  shown: number;
  /** Frames shown by each tile that may play, by its camera. */
  tiles: Record<string, number>;
  /** Tiles that stay stills by choice. */
  stills: number;
  /** Work of more than 50 ms in one piece: how often, and ms altogether. */
  longTasks: { count: number; ms: number };
  /** When every tile had a picture, still or moving; and when every one that may move did. ms; null: not yet. */
  whole: number | null;
  moving: number | null;
}

/** Evaluated before any of the page's own scripts. COUNT_PEERS of sample.ts comes with it. */
export const COUNT_TILES = `(() => {
  const told = (window.mingjingTiles = { longTasks: { count: 0, ms: 0 }, whole: null, moving: null });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) { told.longTasks.count += 1; told.longTasks.ms += duration; }
  }).observe({ type: 'longtask' });
  const look = setInterval(() => {
    const tiles = [...document.querySelectorAll('[data-testid="camera-tile"]')];
    if (tiles.length === 0) return;
    const drawn = (tile) => tile.querySelector('video.drawn') !== null;
    const pictured = (tile) => drawn(tile) || (tile.querySelector('img')?.naturalWidth ?? 0) > 0;
    if (told.whole === null && tiles.every(pictured)) told.whole = performance.now();
    if (told.moving === null && tiles.every((tile) => tile.dataset.state === 'still' || drawn(tile)))
      told.moving = performance.now();
    if (told.whole !== null && told.moving !== null) clearInterval(look);
  }, 50);
})()`;

const COUNT = `(async () => {
  let came = 0, decoded = 0;
  for (const peer of window.mingjingPeers)
    for (const one of (await peer.getStats()).values())
      if (one.type === 'inbound-rtp' && one.kind === 'video') {
        came += one.framesReceived ?? 0;
        decoded += one.framesDecoded ?? 0;
      }
  const all = [...document.querySelectorAll('[data-testid="camera-tile"]')];
  const playing = all.filter((tile) => tile.dataset.state !== 'still');
  const tiles = Object.fromEntries(playing.map((tile) => {
    const { totalVideoFrames, droppedVideoFrames } = tile.querySelector('video').getVideoPlaybackQuality();
    return [tile.dataset.camera, totalVideoFrames - droppedVideoFrames];
  }));
  const shown = Object.values(tiles).reduce((sum, frames) => sum + frames, 0);
  const { longTasks, whole, moving } = window.mingjingTiles;
  return { at: performance.now(), came, decoded, shown, tiles, stills: all.length - playing.length, longTasks: { ...longTasks }, whole, moving };
})()`;

/** Everything that the page has counted so far. */
export async function countTiles(page: Page): Promise<Counted> {
  return (await page.evaluate(COUNT)) as Counted;
}
