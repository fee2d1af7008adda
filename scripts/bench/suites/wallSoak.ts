import { runScript } from '../ownProcess.ts';
import type { Suite } from '../suite.ts';

/** A wall of 16 tiles that changes its layout every few seconds: what grows in the browser and on the servers. */
export const wallSoakSuite: Suite = {
  name: 'wall-soak',
  about: 'what grows while a wall of 16 tiles runs; --minutes, 30 unless told; only by name',
  onlyByName: true,
  run: (log, { minutes = 30 } = {}) =>
    runScript({ name: 'the wall', file: 'tests/bench/wall/run.ts', env: { MINUTES: String(minutes) } }, log),
};
