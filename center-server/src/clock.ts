import type { Millis } from '@mingjing/contracts';

/** Where the centre reads the time: one place, so that a test can stand in for it. */
export type Clock = () => Millis;

export const systemClock: Clock = () => Date.now();
