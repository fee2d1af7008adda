import type { Suite } from './suite.ts';
import { ingestSuite } from './suites/ingest.ts';
import { liveSuite } from './suites/live.ts';
import { playbackSuite } from './suites/playback.ts';
import { rulesSuite } from './suites/rules.ts';
import { videoSuite } from './suites/video.ts';
import { wallSoakSuite } from './suites/wallSoak.ts';
import { wallTilesSuite } from './suites/wallTiles.ts';

/** Every suite. Adding one is a file in suites/ and a line here. */
export const SUITES: readonly Suite[] = [
  ingestSuite,
  liveSuite,
  playbackSuite,
  rulesSuite,
  videoSuite,
  wallSoakSuite,
  wallTilesSuite,
];
