import { runScript } from '../ownProcess.ts';
import type { Suite } from '../suite.ts';

/** How close the pictures of one, four and nine cameras stay to the clock and to one another, up to 16 times. */
export const playbackSuite: Suite = {
  name: 'playback',
  about: 'recordings played at 1×, 4× and 16×: how far pictures are from the clock and from one another',
  run: (log) => runScript({ name: 'the playback bench', file: 'tests/bench/playback/run.ts' }, log),
};
