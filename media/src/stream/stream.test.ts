import { beforeEach, describe, expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import type { Camera, StreamStatus } from '@mingjing/contracts';
import { Stream } from './stream.ts';
import type { FeedHooks } from './stream.ts';

const CAMERA: Camera = {
  id: 'c1',
  name: '3号窗口',
  region: '130681',
  hall: null,
  counter: null,
  source: { kind: 'rtsp', url: 'rtsp://camera/1' },
};
const SETTINGS = { idleMs: 20_000, frozenAfterMs: 4000, restartAfterMs: 10_000, connectTimeoutMs: 15_000 };

/** A stream on virtual time, whose feeds the test plays. */
class Stage {
  readonly clock = new VirtualTimeScheduler(undefined, 0);
  readonly feeds: { camera: Camera; hooks: FeedHooks<string>; closed: boolean }[] = [];
  readonly heard: StreamStatus['state'][] = [];
  readonly stream = new Stream<string>(CAMERA, {
    scheduler: this.clock,
    settings: SETTINGS,
    openFeed: (camera, hooks) => {
      const feed = { camera, hooks, closed: false };
      this.feeds.push(feed);
      return { close: () => (feed.closed = true) };
    },
  });

  get feed() {
    return this.feeds.at(-1)!;
  }

  watch(): () => void {
    return this.stream.join(({ state }) => this.heard.push(state));
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const until = this.clock.frame + ms;
    this.clock.maxFrames = until;
    this.clock.flush();
    this.clock.frame = until;
  }

  /** Lets time pass while packets come twice a second. */
  play(ms: number, from: number): void {
    for (let passed = 0; passed < ms; passed += 500) {
      this.feed.hooks.onPackets(from + passed);
      this.pass(500);
    }
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

describe('a stream', () => {
  test('sleeps until watched, goes live with packets, and sleeps again after the last viewer', () => {
    expect(stage.stream.status.state).toBe('idle');
    const [leaveA, leaveB] = [stage.watch(), stage.watch()];
    expect(stage.feeds).toHaveLength(1);
    stage.feed.hooks.onPackets(1);
    expect(stage.stream.status).toMatchObject({ state: 'live', viewers: 2, attempt: 0, reason: null });
    leaveA();
    leaveB();
    stage.play(19_000, 2);
    expect(stage.feed.closed).toBe(false);
    stage.pass(1000);
    expect(stage.feed.closed).toBe(true);
    expect(stage.stream.status).toMatchObject({ state: 'idle', viewers: 0 });
  });

  test('a viewer who comes back in time finds it still running', () => {
    stage.watch()();
    stage.pass(10_000);
    stage.watch();
    stage.feed.hooks.onPackets(1);
    stage.play(30_000, 2);
    expect(stage.feeds).toHaveLength(1);
    expect(stage.stream.status.state).toBe('live');
  });

  test('climbs the ladder while the source fails, then counts as failed and is still tried', async () => {
    stage.watch();
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      stage.feed.hooks.onEnd('refused');
      const { state, retryAt, reason } = stage.stream.status;
      expect({ state, reason }).toEqual({ state: 'retrying', reason: 'refused' });
      await expect(stage.stream.ingest()).rejects.toThrow('refused');
      stage.pass(retryAt! - stage.clock.now());
      expect(stage.feeds).toHaveLength(attempt + 1);
    }
    stage.feed.hooks.onEnd('refused');
    expect(stage.stream.status).toMatchObject({
      state: 'failed',
      attempt: 21,
      retryAt: stage.clock.now() + 60_000,
    });
    stage.pass(60_000);
    stage.feed.hooks.onPackets(1);
    expect(stage.stream.status).toMatchObject({ state: 'live', attempt: 21 });
  });

  test('forgets its failures only after it has been live for a while', () => {
    stage.watch();
    stage.feed.hooks.onEnd('refused');
    stage.pass(1000);
    stage.play(5000, 1);
    expect(stage.stream.status.attempt).toBe(1);
    stage.play(6000, 6000);
    expect(stage.stream.status.attempt).toBe(0);
  });

  test('without packets it is frozen, not live, and is started anew', () => {
    stage.watch();
    stage.feed.hooks.onPackets(7);
    stage.pass(3900);
    stage.feed.hooks.onPackets(7);
    stage.pass(600);
    expect(stage.stream.status.state).toBe('frozen');
    stage.feed.hooks.onPackets(8);
    expect(stage.stream.status.state).toBe('live');
    stage.pass(10_500);
    expect(stage.stream.status).toMatchObject({ state: 'retrying', attempt: 1 });
    expect(stage.feed.closed).toBe(true);
    expect(stage.heard).toEqual(['connecting', 'live', 'frozen', 'live', 'frozen', 'retrying']);
  });

  test('a source that never sends a packet fails', () => {
    stage.watch();
    stage.pass(15_000);
    expect(stage.stream.status).toMatchObject({ state: 'retrying', attempt: 1 });
  });

  test('viewers wait for the place to attach; an ended feed is not heard any more', async () => {
    stage.watch();
    const waiting = stage.stream.ingest();
    const first = stage.feed;
    first.hooks.onIngest('first');
    await expect(waiting).resolves.toBe('first');
    first.hooks.onEnd('broken');
    stage.pass(1000);
    first.hooks.onEnd('broken again');
    first.hooks.onPackets(99);
    expect(stage.stream.status).toMatchObject({ state: 'connecting', attempt: 1 });
  });

  test('a changed source is connected at once; a changed name is not', () => {
    stage.watch();
    stage.feed.hooks.onPackets(1);
    stage.stream.update({ ...CAMERA, name: '4号窗口' });
    expect(stage.feeds).toHaveLength(1);
    stage.stream.update({ ...CAMERA, source: { kind: 'file', path: '/b.mp4' } });
    expect(stage.feeds.map(({ closed }) => closed)).toEqual([true, false]);
    expect(stage.feed.camera.source).toEqual({ kind: 'file', path: '/b.mp4' });
  });

  test('closing is final and may be repeated', async () => {
    stage.watch();
    const waiting = stage.stream.ingest();
    stage.stream.close();
    stage.stream.close();
    await expect(waiting).rejects.toThrow('closed');
    stage.watch();
    stage.pass(100_000);
    expect(stage.feeds.map(({ closed }) => closed)).toEqual([true]);
  });
});
