import type { SchedulerLike, Subscription } from 'rxjs';
import type { Camera, Quality, StreamStatus } from '@mingjing/contracts';
import type { Probe } from '../ffmpeg/probe.ts';
import { Fragments, type Fragment, type FragmentInit } from '../fragments/fragments.ts';
import { GIVEN_UP_AFTER, retryDelay } from './retry.ts';
import { Returning } from './returning.ts';

/** One attempt to bring a camera's packets to `Ingest`. Says everything through its hooks, none before it was opened. */
export interface Feed {
  /** Ends it; idempotent. No hook is called afterwards. */
  close(): void;
}

export interface FeedHooks<Ingest> {
  onProbe: (probe: Probe) => void;
  /** Viewers can be attached now. */
  onIngest: (ingest: Ingest) => void;
  /** How many packets have come since the feed began. */
  onPackets: (total: number) => void;
  /** Packets may come and the picture stand still: why it does not count as live, as viewers may read it; null when it does. */
  onSame: (reason: string | null) => void;
  /** The film begins, and goes on. */
  onFilm: (init: FragmentInit) => void;
  onFragment: (fragment: Fragment) => void;
  /** It has ended, with the reason as viewers may read it. `isAwaited`: nothing failed, it has only not come yet. */
  onEnd: (reason: string, isAwaited?: boolean) => void;
}

export interface StreamSettings {
  idleMs: number;
  frozenAfterMs: number;
  restartAfterMs: number;
  connectTimeoutMs: number;
}

export interface StreamOptions<Ingest> {
  openFeed: (camera: Camera, hooks: FeedHooks<Ingest>) => Feed;
  scheduler: SchedulerLike;
  settings: StreamSettings;
  /** Ms of a clock that nobody sets; the scheduler's own where it is not given. */
  elapsed?: () => number;
  quality?: Quality;
  /** A cheap question to the camera while the next try is far. */
  ask?: (camera: Camera) => Promise<string | null>;
}

/** A relay shows it as another stream: it keeps it running and is counted there. */
type Joined = 'viewer' | 'recorder' | 'relay';

type Listener = (status: StreamStatus) => void;
interface Waiter<Ingest> {
  resolve: (ingest: Ingest) => void;
  reject: (problem: Error) => void;
}

/** Everything of a camera that says where its pictures come from. */
function placesOf({ source, sub, credentials }: Camera): string {
  return JSON.stringify([source, sub ?? null, credentials ?? null]);
}

const WATCH_EVERY_MS = 500;
/** A source that has been live for so long has recovered: its failures are forgotten. */
const STABLE_AFTER_MS = 10_000;

/**
 * A camera's stream: sleeps until somebody watches, keeps its feed alive with the retry ladder and a
 * watchdog, and sleeps again a while after the last viewer has left.
 */
export class Stream<Ingest = unknown> {
  /** Its film as it is made. */
  readonly fragments = new Fragments();
  readonly #options: StreamOptions<Ingest>;
  /** By which it is judged how long something lasts: the clock on the wall may be set meanwhile. */
  readonly #elapsed: () => number;
  #camera: Camera;
  #state: StreamStatus['state'] = 'idle';
  #since: number;
  #reason: string | null = null;
  #attempt = 0;
  #retryAt: number | null = null;
  #probe: Probe | null = null;
  #feed: Feed | null = null;
  #ingest: Ingest | null = null;
  #packets = 0;
  #same: string | null = null;
  #lastPacketAt = 0;
  #enteredAt = 0;
  #timer: Subscription | undefined;
  #linger: Subscription | undefined;
  #closed = false;
  readonly #viewers = new Set<Listener>();
  readonly #recorders = new Set<Listener>();
  readonly #relays = new Set<Listener>();
  readonly #returning: Returning;
  readonly #waiters = new Set<Waiter<Ingest>>();

  constructor(camera: Camera, options: StreamOptions<Ingest>) {
    this.#camera = camera;
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => options.scheduler.now());
    this.#since = options.scheduler.now();
    const ask = options.ask ?? (() => Promise.resolve(null));
    this.#returning = new Returning(() => ask(this.#camera), options.scheduler);
  }

  get camera(): Camera {
    return this.#camera;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get status(): StreamStatus {
    return {
      camera: this.#camera.id,
      region: this.#camera.region,
      quality: this.#options.quality ?? 'main',
      state: this.#state,
      mode: this.#probe?.mode ?? null,
      ...(this.#probe?.via && { via: this.#probe.via }),
      codec: this.#probe?.codec ?? null,
      width: this.#probe?.width ?? null,
      height: this.#probe?.height ?? null,
      since: this.#since,
      attempt: this.#attempt,
      retryAt: this.#retryAt,
      reason: this.#reason,
      viewers: this.#viewers.size,
      recorders: this.#recorders.size,
    };
  }

  /**
   * Adds a viewer or a recorder, who hears of every change of state from now on; the first wakes the stream.
   * @returns how the viewer leaves
   */
  join(listener: Listener, as: Joined = 'viewer'): () => void {
    const own: Listener = (status) => listener(status);
    const joined = { viewer: this.#viewers, recorder: this.#recorders, relay: this.#relays }[as];
    joined.add(own);
    this.#linger?.unsubscribe();
    if (this.#state === 'idle' && !this.#closed) this.#begin();
    else listener(this.status);
    return () => {
      if (!joined.delete(own) || this.#listeners().length > 0 || this.#closed) return;
      const { scheduler, settings } = this.#options;
      this.#linger = scheduler.schedule(() => this.#sleep(), settings.idleMs);
    };
  }

  /**
   * Where viewers attach; waits while the stream connects.
   * @throws Error with the reason when the stream cannot be had now; it is tried again as long as somebody watches
   */
  ingest(): Promise<Ingest> {
    if (this.#ingest !== null) return Promise.resolve(this.#ingest);
    if (this.#feed === null) return Promise.reject(new Error(this.#reason ?? '视频未启动 (not started)'));
    return new Promise((resolve, reject) => this.#waiters.add({ resolve, reject }));
  }

  /** Takes a changed camera. A new source is connected at once when somebody watches. */
  update(camera: Camera): void {
    const changed = placesOf(camera) !== placesOf(this.#camera);
    this.#camera = camera;
    if (!changed || this.#state === 'idle' || this.#closed) return;
    this.#endFeed('视频源已更改 (the source was changed)');
    this.#attempt = 0;
    this.#begin();
  }

  /** Ends everything; idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#sleep('视频已关闭 (closed)');
    this.#closed = true;
    this.#viewers.clear();
    this.#recorders.clear();
    this.#relays.clear();
  }

  /** The source has come: a try that is waited for is made now. */
  hurry(): void {
    if (this.#retryAt !== null && !this.#closed) this.#begin();
  }

  #listeners(): Listener[] {
    return [...this.#viewers, ...this.#recorders, ...this.#relays];
  }

  #begin(): void {
    const { openFeed, scheduler, settings } = this.#options;
    this.#returning.stop();
    this.#packets = 0;
    this.#same = null;
    this.#lastPacketAt = this.#elapsed();
    this.#retryAt = null;
    const current =
      <T extends unknown[]>(act: (...values: T) => void) =>
      (...values: T) => {
        if (this.#feed === feed) act(...values);
      };
    const feed = openFeed(this.#camera, {
      onProbe: current((probe) => (this.#probe = probe)),
      onIngest: current((ingest) => this.#attach(ingest)),
      onPackets: current((total) => this.#arrived(total)),
      onSame: current((reason) => this.#compared(reason)),
      onFilm: current((init) => this.fragments.begin(init)),
      onFragment: current((fragment) => this.fragments.push(fragment)),
      onEnd: current((reason, isAwaited) => this.#fail(reason, isAwaited)),
    });
    this.#feed = feed;
    this.#timer?.unsubscribe();
    this.#timer = scheduler.schedule(() => this.#watch(settings), WATCH_EVERY_MS);
    this.#enter('connecting', this.#reason);
  }

  #attach(ingest: Ingest): void {
    this.#ingest = ingest;
    for (const { resolve } of this.#waiters) resolve(ingest);
    this.#waiters.clear();
  }

  #arrived(total: number): void {
    if (total <= this.#packets) return;
    this.#packets = total;
    this.#lastPacketAt = this.#elapsed();
    if (this.#state !== 'live' && this.#same === null) this.#enter('live', null);
  }

  #compared(same: string | null): void {
    if ((same === null) === (this.#same === null)) return;
    this.#same = same;
    if (same !== null && this.#state === 'live') this.#enter('frozen', same);
    else if (same === null && this.#state === 'frozen') this.#enter('live', null);
  }

  /** The watchdog: connected is not live, and frozen is not connected. */
  #watch(settings: StreamSettings): void {
    const { scheduler } = this.#options;
    const quiet = this.#elapsed() - this.#lastPacketAt;
    if (this.#state === 'connecting' && quiet >= settings.connectTimeoutMs) {
      this.#fail('没有视频数据 (no packets)');
      return;
    }
    if (this.#state === 'frozen' && quiet >= settings.restartAfterMs) {
      this.#fail('画面停止，重新连接 (no packets any more)');
      return;
    }
    if (this.#state === 'live') {
      if (quiet >= settings.frozenAfterMs) this.#enter('frozen', '画面停止 (no packets)');
      else if (this.#elapsed() - this.#enteredAt >= STABLE_AFTER_MS) this.#attempt = 0;
    }
    this.#timer = scheduler.schedule(() => this.#watch(settings), WATCH_EVERY_MS);
  }

  #fail(reason: string, isAwaited = false): void {
    const { scheduler } = this.#options;
    this.#endFeed(reason);
    this.#attempt += 1;
    // Whoever is waited for is not given up.
    if (isAwaited) this.#attempt = Math.min(this.#attempt, GIVEN_UP_AFTER);
    const delay = retryDelay(this.#attempt);
    this.#retryAt = scheduler.now() + delay;
    this.#timer = scheduler.schedule(() => this.#begin(), delay);
    this.#returning.wait(() => this.hurry());
    this.#enter(this.#attempt > GIVEN_UP_AFTER ? 'failed' : 'retrying', reason);
  }

  #sleep(reason = '视频已停止 (stopped)'): void {
    this.#linger?.unsubscribe();
    this.#endFeed(reason);
    this.#attempt = 0;
    this.#retryAt = null;
    if (this.#state !== 'idle') this.#enter('idle', null);
  }

  #endFeed(reason: string): void {
    this.#timer?.unsubscribe();
    this.#returning.stop();
    const feed = this.#feed;
    this.#feed = null;
    this.#ingest = null;
    feed?.close();
    this.fragments.end();
    for (const { reject } of this.#waiters) reject(new Error(reason));
    this.#waiters.clear();
  }

  #enter(state: StreamStatus['state'], reason: string | null): void {
    this.#state = state;
    this.#since = this.#options.scheduler.now();
    this.#enteredAt = this.#elapsed();
    this.#reason = reason;
    const status = this.status;
    for (const listener of this.#listeners()) listener(status);
  }
}
