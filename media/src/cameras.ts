import { z } from 'zod';
import type { SchedulerLike, Subscription } from 'rxjs';
import { cameraSchema } from '@mingjing/contracts';
import type { Camera } from '@mingjing/contracts';
import type { Log } from './log.ts';
import { messageOf } from './modules.ts';

interface CamerasOptions {
  centreUrl: string;
  token: string;
  /** A fixed list instead of the centre's. */
  fixed: readonly Camera[] | undefined;
  refreshMs: number;
  scheduler: SchedulerLike;
  log: Log;
}

/** How long the centre may take to answer, in ms. */
const ANSWER_WITHIN = 5000;
/** An unknown camera does not make the centre be asked more often than this, in ms. */
const ASK_AGAIN_AFTER = 1000;

/**
 * The cameras as the centre knows them: GET /api/service/cameras, asked regularly and when a camera
 * is wanted that is not known. While the centre does not answer, what was known stays.
 */
export class Cameras {
  readonly name = 'cameras';
  readonly #options: CamerasOptions;
  readonly #known = new Map<string, Camera>();
  readonly #listeners = new Set<(cameras: ReadonlyMap<string, Camera>) => void>();
  #timer: Subscription | undefined;
  #asking: Promise<void> | undefined;
  #askedAt = -Infinity;
  #lastProblem: string | undefined;

  constructor(options: CamerasOptions) {
    this.#options = options;
  }

  /** Begins to ask. Does not wait for the centre, which may start later. */
  start(): void {
    if (this.#options.fixed) {
      this.#take(this.#options.fixed);
      return;
    }
    const { scheduler, refreshMs } = this.#options;
    const round = () => {
      void this.refresh();
      this.#timer = scheduler.schedule(round, this.#known.size === 0 ? Math.min(refreshMs, 2000) : refreshMs);
    };
    round();
  }

  async stop(): Promise<void> {
    this.#timer?.unsubscribe();
    await this.#asking;
  }

  /** Tells of every list that differs from the one before. */
  onChange(listener: (cameras: ReadonlyMap<string, Camera>) => void): void {
    this.#listeners.add(listener);
  }

  all(): readonly Camera[] {
    return [...this.#known.values()];
  }

  /** A camera; the centre is asked when it is not known yet. */
  async find(id: string): Promise<Camera | undefined> {
    const { scheduler, fixed } = this.#options;
    if (!this.#known.has(id) && !fixed && scheduler.now() - this.#askedAt >= ASK_AGAIN_AFTER)
      await this.refresh();
    return this.#known.get(id);
  }

  /** Asks the centre now; never rejects. Calls at the same time share one request. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const { centreUrl, token, scheduler, log } = this.#options;
    this.#askedAt = scheduler.now();
    try {
      const answer = await fetch(new URL('/api/service/cameras', centreUrl), {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      this.#take(z.array(cameraSchema).parse(await answer.json()));
      this.#lastProblem = undefined;
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem) {
        log.warn(
          { centreUrl, problem: message, known: this.#known.size },
          'the camera list could not be fetched; what is known stays',
        );
      }
      this.#lastProblem = message;
    }
  }

  #take(cameras: readonly Camera[]): void {
    const before = JSON.stringify([...this.#known.values()]);
    this.#known.clear();
    for (const camera of cameras) this.#known.set(camera.id, camera);
    if (JSON.stringify([...this.#known.values()]) === before) return;
    this.#options.log.info({ cameras: this.#known.size }, 'camera list taken');
    for (const listener of this.#listeners) listener(this.#known);
  }
}
