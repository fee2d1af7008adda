import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewing } from '@mingjing/contracts';
import { VirtualTimeScheduler } from 'rxjs';
import { createLog } from '../log.ts';
import { SAME_WITHIN_MS, Viewings, type Watching } from './viewings.ts';

const WHO: Watching = { camera: 'hall', user: 'li', session: 's', quality: 'sub', carriedBy: 'webrtc' };

let dataDir: string;
let scheduler: VirtualTimeScheduler;
/** What the centre has taken, by id, the last word of each. */
let taken: Map<string, Viewing>;
let isAway: boolean;

function open(): Viewings {
  const tell = (viewings: Viewing[]): Promise<void> => {
    if (isAway) return Promise.reject(new Error('away'));
    for (const viewing of viewings) taken.set(viewing.id, viewing);
    return Promise.resolve();
  };
  return new Viewings({ dataDir, tell, scheduler, log: createLog('silent') });
}

/** Lets time pass up to an instant, ms. */
function pass(to: number): void {
  scheduler.maxFrames = to;
  scheduler.flush();
  scheduler.frame = to;
}

const told = () => [...taken.values()].map(({ camera, startedAt, endedAt }) => [camera, startedAt, endedAt]);

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'mingjing-viewings-'));
  scheduler = new VirtualTimeScheduler();
  scheduler.maxFrames = 0;
  taken = new Map();
  isAway = false;
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('viewings', () => {
  test('pictures of one camera that follow one another closely are one viewing, others are others', async () => {
    const viewings = open();
    await viewings.start();
    const small = viewings.begin(WHO);
    pass(5_000);
    const large = viewings.begin({ ...WHO, quality: 'main' });
    small();
    small();
    const other = viewings.begin({ ...WHO, session: 'another desk' });
    pass(20_000);
    large();
    pass(20_000 + SAME_WITHIN_MS - 1);
    const again = viewings.begin({ ...WHO, carriedBy: 'film' });
    pass(60_000);
    again();
    other();
    pass(60_000 + SAME_WITHIN_MS);
    const later = viewings.begin(WHO);
    pass(90_000);
    later();
    await viewings.stop();
    expect(told()).toEqual([
      ['hall', 0, 60_000],
      ['hall', 5_000, 60_000],
      ['hall', 70_000, 90_000],
    ]);
    expect([...taken.values()][0]).toMatchObject({ user: 'li', quality: 'main', carriedBy: 'film' });
  });

  test('nothing is lost while the centre is away, or with the process', async () => {
    isAway = true;
    const killed = open();
    await killed.start();
    killed.begin(WHO)();
    pass(SAME_WITHIN_MS);
    killed.begin({ ...WHO, camera: 'door' });
    pass(30_000);
    killed.begin({ ...WHO, camera: 'gate' });
    await killed.stop();
    expect(told()).toEqual([]);

    isAway = false;
    const next = open();
    await next.start();
    await next.stop();
    expect(told()).toEqual([
      ['hall', 0, 0],
      ['door', SAME_WITHIN_MS, 30_000],
      ['gate', 30_000, 30_000],
    ]);
    taken.clear();
    const last = open();
    await last.start();
    await last.stop();
    expect(told()).toEqual([]);
  });
});
