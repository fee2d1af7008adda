import { existsSync } from 'node:fs';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { Engine } from './engine.ts';
import { Ingest } from './ingest.ts';

/** There is no mediasoup worker (yet, or just now). The message is for viewers. */
export class SfuUnavailable extends Error {
  override name = 'SfuUnavailable';
}

interface SfuOptions {
  workerBin: string;
  workers: number;
  rtcHost: string;
  announcedAddress: string | undefined;
  rtcMinPort: number;
  scheduler: SchedulerLike;
  log: Log;
}

/** How often a missing binary is looked for, and a worker that died or did not start is tried again. */
const AGAIN_AFTER_MS = 1000;
const PREPARING = '视频引擎正在准备，请稍候 (the video engine is being prepared)';
/** What viewers are told while a worker that died is replaced. */
export const RESTARTS = '视频引擎重新启动 (the video engine restarts)';
const FAILED = '视频引擎未能启动 (the video engine did not start)';

/**
 * The mediasoup workers of this host. May be started before the worker's binary is there: it comes
 * alive when the binary appears. A worker that dies is replaced.
 */
export class Sfu {
  readonly name = 'sfu';
  readonly #options: SfuOptions;
  readonly #engines: (Engine | undefined)[];
  #timer: Subscription | undefined;
  #stopped = false;
  #reason = PREPARING;

  constructor(options: SfuOptions) {
    this.#options = options;
    this.#engines = Array.from({ length: options.workers });
  }

  /** Tries once; what could not be started is tried again for as long as it takes. */
  async start(): Promise<void> {
    await this.#fill();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    for (const engine of this.#engines) engine?.close();
  }

  /** Null when ready; otherwise why not, for viewers. */
  get unavailable(): string | null {
    return this.#live().length > 0 ? null : this.#reason;
  }

  get workers(): number {
    return this.#live().length;
  }

  /**
   * The engine with the least to do.
   * @throws SfuUnavailable while there is none
   */
  pick(): Engine {
    const [first, ...rest] = this.#live();
    if (!first) throw new SfuUnavailable(this.#reason);
    return rest.reduce((least, engine) => (engine.load < least.load ? engine : least), first);
  }

  /** A place for one ffmpeg's packets. @throws SfuUnavailable */
  async openIngest(): Promise<Ingest> {
    const engine = this.pick();
    try {
      return await Ingest.open(engine);
    } catch (problem) {
      if (engine.closed) throw new SfuUnavailable(RESTARTS);
      throw problem;
    }
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  #live(): Engine[] {
    return this.#engines.filter((engine): engine is Engine => engine !== undefined && !engine.closed);
  }

  async #fill(): Promise<void> {
    if (!existsSync(this.#options.workerBin)) {
      if (this.#reason !== PREPARING || !this.#timer) {
        this.#options.log.warn(
          { workerBin: this.#options.workerBin },
          'there is no mediasoup worker yet; waiting for it',
        );
      }
      this.#reason = PREPARING;
      this.#again();
      return;
    }
    await Promise.all(this.#engines.map((_, index) => this.#startEngine(index)));
    if (this.#live().length < this.#engines.length) this.#again();
  }

  async #startEngine(index: number): Promise<void> {
    const { workerBin, rtcHost, announcedAddress, rtcMinPort, log } = this.#options;
    const held = this.#engines[index];
    if (this.#stopped || (held && !held.closed)) return;
    const port = rtcMinPort === 0 ? 0 : rtcMinPort + index;
    try {
      const engine = await Engine.start({ workerBin, rtcHost, announcedAddress, port });
      if (this.#isStopped()) engine.close();
      engine.onDied((problem) => {
        log.error(
          { worker: engine.pid, problem: messageOf(problem) },
          'a mediasoup worker died; it is replaced',
        );
        this.#again();
      });
      this.#engines[index] = engine;
      log.info({ worker: engine.pid, port }, 'mediasoup worker started');
    } catch (problem) {
      this.#reason = FAILED;
      log.error(
        { workerBin, rtcHost, port, problem: messageOf(problem) },
        'a mediasoup worker did not start',
      );
    }
  }

  #again(): void {
    if (this.#stopped) return;
    this.#timer?.unsubscribe();
    this.#timer = this.#options.scheduler.schedule(() => void this.#fill(), AGAIN_AFTER_MS);
  }
}
