import { runScript } from '../ownProcess.ts';
import type { Suite } from '../suite.ts';

/** Walls of 16, 36 and 64 small pictures in Chromium: how many move, how smoothly, and what that costs. */
export const wallTilesSuite: Suite = {
  name: 'wall-tiles',
  about:
    'walls of 16, 36 and 64 tiles: pictures that move, frames, long tasks, CPU; some 6 minutes; only by name',
  onlyByName: true,
  run: (log) => runScript({ name: 'the wall of many tiles', file: 'tests/bench/wall/tiles.ts' }, log),
};
