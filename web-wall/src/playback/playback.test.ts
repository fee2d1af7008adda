import { describe, expect, test } from '@jest/globals';
import type { Segment } from '@mingjing/contracts';
import { Blocks } from './blocks.ts';
import { PlaybackClock, rateOf } from './clock.ts';
import { follow, JumpCount } from './follow.ts';
import { Lockstep } from './lockstep.ts';
import { frameAt } from './screenPlayer.ts';
import { isComing, nextToFetch, segmentAt, toLetGo } from './segmentPlan.ts';
import { joinSpans, jumpOverGap, neighbour } from './spans.ts';

const T = Date.parse('2026-11-24T09:00:00+08:00');

function timed(latest?: () => number) {
  const time = { now: 0 };
  return { time, clock: new PlaybackClock(T, () => time.now, latest) };
}

describe('the clock', () => {
  test('stands until it is played, and then runs at its rate', () => {
    const { time, clock } = timed();
    time.now = 1000;
    expect(clock.at).toBe(T);
    clock.play();
    time.now = 3000;
    expect(clock.at).toBe(T + 2000);
    clock.setRate(16);
    time.now = 4000;
    expect(clock.at).toBe(T + 18_000);
    clock.setRate(0.5);
    time.now = 6000;
    expect(clock.at).toBe(T + 19_000);
    clock.pause();
    time.now = 9000;
    expect(clock.at).toBe(T + 19_000);
  });

  test('stands where it is while it is held, and goes on from there', () => {
    const { time, clock } = timed();
    clock.play();
    time.now = 500;
    clock.hold(true);
    time.now = 5000;
    expect(clock.at).toBe(T + 500);
    expect(clock.playing).toBe(true);
    clock.hold(false);
    time.now = 5100;
    expect(clock.at).toBe(T + 600);
  });

  test('does not run past the present, and runs on with it', () => {
    const time = { latest: T + 1000 };
    const { time: own, clock } = timed(() => time.latest);
    clock.setRate(8);
    clock.play();
    own.now = 60_000;
    expect(clock.at).toBe(T + 1000);
    clock.seek(T + 5000);
    expect(clock.at).toBe(T + 1000);
  });

  test('steps by frames, standing', () => {
    const { time, clock } = timed();
    clock.play();
    time.now = 1000;
    clock.step(1, 40);
    expect([clock.at, clock.playing]).toEqual([T + 1040, false]);
    clock.step(-2, 40);
    expect(clock.at).toBe(T + 960);
  });

  test('tells of everything but that it runs on', () => {
    const { clock } = timed();
    const heard: string[] = [];
    const off = clock.onChange(() => heard.push(`${clock.playing} ${clock.rate} ${clock.at - T}`));
    clock.play();
    clock.play();
    clock.changeRate(1);
    clock.seek(T + 5);
    clock.seek(Number.NaN);
    off();
    clock.pause();
    expect(heard).toEqual(['true 1 0', 'true 2 0', 'true 2 5']);
  });

  test('knows its rates only', () => {
    expect([rateOf('16'), rateOf('3'), rateOf(undefined), rateOf('0.5')]).toEqual([16, 1, 1, 0.5]);
  });
});

describe('jumps', () => {
  test('lead to the next mark and back, and never to the one they start from', () => {
    expect(neighbour([10_000, 20_000], 10_100, 1)).toBe(20_000);
    expect(neighbour([10_000, 20_000], 10_100, -1)).toBeNull();
    expect(neighbour([10_000, 20_000], 20_000, -1)).toBe(10_000);
  });

  test('lead over gaps, whatever camera was recorded', () => {
    const spans = [
      { from: 50_000, to: 60_000 },
      { from: 0, to: 10_000 },
      { from: 5000, to: 20_000 },
    ];
    expect(joinSpans(spans)).toEqual([
      { from: 0, to: 20_000 },
      { from: 50_000, to: 60_000 },
    ]);
    expect(jumpOverGap(spans, 30_000, 1)).toBe(50_000);
    expect(jumpOverGap(spans, 55_000, -1)).toBe(50_000);
    expect(jumpOverGap(spans, 55_000, 1)).toBeNull();
  });
});

describe('a picture follows the clock', () => {
  const at = (ahead: number, rate = 1) => follow({ ahead, rate, running: true, seeking: false });

  test('by running a little faster or slower, and by a jump only when it is far off', () => {
    expect(at(10)).toEqual({ do: 'run', rate: 1 });
    expect(at(-100)).toEqual({ do: 'run', rate: 1.2 });
    expect(at(100)).toEqual({ do: 'run', rate: 0.8 });
    expect(at(-151)).toEqual({ do: 'seek' });
    expect(at(-1000, 16)).toEqual({ do: 'run', rate: 16 });
    expect(at(-1300, 16)).toEqual({ do: 'seek' });
  });

  test('exactly, when it stands', () => {
    const standing = (ahead: number) => follow({ ahead, rate: 1, running: false, seeking: false });
    expect(standing(0)).toEqual({ do: 'stand' });
    expect(standing(40)).toEqual({ do: 'seek' });
    expect(follow({ ahead: 500, rate: 1, running: false, seeking: true })).toEqual({ do: 'wait' });
  });

  test('and is known not to, after jumps one upon the other', () => {
    const jumps = new JumpCount();
    for (const now of [0, 6000, 7000, 8000]) jumps.jumped(now);
    expect(jumps.tooMany).toBe(false);
    jumps.jumped(8500);
    expect(jumps.tooMany).toBe(true);
  });
});

const segment = (second: number, length = 4): Segment => ({
  ...{ camera: 'c', startedAt: T + second * 1000, endedAt: T + (second + length) * 1000, bytes: 1 },
  ...{ mimeType: 'video/mp4', width: 1, height: 1, mediaTime: 0 },
});

describe('what is fetched', () => {
  const segments = [segment(0), segment(4), segment(8.2), segment(60)];
  const begin = (found: Segment | undefined) => (found ? (found.startedAt - T) / 1000 : undefined);
  const at = (second: number) => T + second * 1000;

  test('an instant belongs to its segment, a crack to the one before, a gap to none', () => {
    expect(begin(segmentAt(segments, at(3.9)))).toBe(0);
    expect(begin(segmentAt(segments, at(4)))).toBe(4);
    expect(begin(segmentAt(segments, at(8.1)))).toBe(4);
    expect(segmentAt(segments, at(20))).toBeUndefined();
    expect(segmentAt(segments, at(-1))).toBeUndefined();
    expect(segmentAt(segments, at(64))).toBeUndefined();
  });

  test('first what is shown, then what comes, as far as the rate asks for', () => {
    const held = new Set<number>();
    const next = (second: number, rate = 1) =>
      begin(nextToFetch(segments, at(second), rate, ({ startedAt }) => held.has((startedAt - T) / 1000)));
    expect(next(5)).toBe(4);
    held.add(4);
    expect(next(5)).toBe(8.2);
    held.add(8.2);
    // 12 s ahead at normal speed, more at a higher one.
    expect(next(5)).toBeUndefined();
    expect(next(5, 8)).toBe(60);
    // In a gap what comes next is made ready, however far it is.
    expect(next(20)).toBe(60);
  });

  test('and what lies far behind is let go', () => {
    expect(toLetGo(segments, at(30), 1).map(begin)).toEqual([0, 4, 60]);
    expect(toLetGo(segments, at(10), 16).map(begin)).toEqual([]);
  });
});

describe('players in step', () => {
  test('wait for one that is not ready, but not for ever', () => {
    const { time, clock } = timed();
    const slow = { isWaitedFor: true, tick: () => undefined };
    const lockstep = new Lockstep(clock, () => time.now);
    lockstep.join({ isWaitedFor: false, tick: () => undefined });
    const leave = lockstep.join(slow);
    clock.play();
    lockstep.tick();
    expect(clock.held).toBe(true);
    time.now = 4999;
    lockstep.tick();
    expect([clock.held, clock.at]).toEqual([true, T]);
    time.now = 5000;
    lockstep.tick();
    expect(clock.held).toBe(false);
    // Patience comes back when it was ready in between.
    slow.isWaitedFor = false;
    lockstep.tick();
    slow.isWaitedFor = true;
    lockstep.tick();
    expect(clock.held).toBe(true);
    leave();
    lockstep.tick();
    expect(clock.held).toBe(false);
  });
});

test('what comes after the last segment is being recorded, while that is fresh', () => {
  const segments = [segment(0)];
  const coming = (at: number, present: number) => isComing(segments, T + at, T + present);
  expect([coming(5000, 10_000), coming(3000, 10_000), coming(12_000, 10_000)]).toEqual([true, false, false]);
  expect([coming(5000, 23_999), coming(5000, 24_000), isComing([], T, T)]).toEqual([true, false, false]);
});

describe('what is known of a span', () => {
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  function open(read: (from: number, to: number) => Promise<number[]>) {
    const time = { now: 10_000_000 };
    const asked: number[] = [];
    const blocks = new Blocks<number>({
      ...{ blockMs: 1000, most: 3, beginOf: (item) => item, now: () => time.now, changed: () => undefined },
      read: (from, to) => {
        asked.push(from);
        return read(from, to);
      },
    });
    return { time, asked, blocks };
  }

  test('is asked for once when it is past, and again and again while it is young', async () => {
    const { time, asked, blocks } = open((from) => Promise.resolve([from + 1, from - 100]));
    blocks.ensure(1500, 2500);
    blocks.ensure(1500, 2500);
    await settle();
    expect(asked).toEqual([1000, 2000]);
    expect(blocks.items).toEqual([900, 1001, 1900, 2001]);
    expect([blocks.knows(1700), blocks.knows(3100)]).toEqual([true, false]);
    blocks.ensure(9_999_500, 10_500_000);
    await settle();
    time.now += 5000;
    blocks.ensure(9_999_500, 9_999_600);
    expect(asked).toEqual([1000, 2000, 9_999_000, 9_999_000]);
  });

  test('is told as a failure, and asked for anew a while later', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve([1])];
    const { time, asked, blocks } = open(() => answers.shift() ?? Promise.resolve([]));
    blocks.ensure(0, 500);
    await settle();
    expect(blocks.failureAt(100)).toEqual(new Error('away'));
    blocks.ensure(0, 500);
    expect(asked).toEqual([0]);
    time.now += 5000;
    blocks.ensure(0, 500);
    await settle();
    expect([blocks.failureAt(100), blocks.items]).toEqual([null, [1]]);
  });

  test('is forgotten, the longest unused first', async () => {
    const { time, blocks } = open((from) => Promise.resolve([from]));
    for (const from of [0, 1000, 2000, 3000]) {
      time.now += 1;
      blocks.ensure(from, from + 1);
      await settle();
    }
    expect(blocks.items).toEqual([1000, 2000, 3000]);
  });
});

test('a screen shows its last picture as long as it is known to have stood', () => {
  const frame = (at: number, until: number) => ({
    ...{ at: T + at, until: T + until, sha256: String(at), mediaType: 'image/jpeg', masked: true },
  });
  const frames = [frame(0, 90_000), frame(90_000, 100_000), frame(500_000, 500_000)];
  const shown = (at: number) => frameAt(frames, T + at)?.sha256;
  expect([shown(-1), shown(0), shown(89_999), shown(90_000), shown(130_000)]).toEqual([
    ...[undefined, '0', '0', '90000', '90000'],
  ]);
  expect([shown(140_000), shown(500_001)]).toEqual([undefined, '500000']);
});
