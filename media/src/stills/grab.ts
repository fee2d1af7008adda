import type { SchedulerLike } from 'rxjs';
import type { Camera } from '@mingjing/contracts';
import { ffmpegPlan } from '../ffmpeg/args.ts';
import { redact } from '../ffmpeg/reason.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { FfmpegRun } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import type { StillStore } from './store.ts';

interface GrabberOptions {
  ffmpeg: string;
  font: string;
  store: StillStore;
  scheduler: SchedulerLike;
  log: Log;
}

/** So many cameras are asked at the same time; further ones are asked when they are wanted again. */
const AT_ONCE = 2;
const LONGEST_MS = 10_000;
/** A camera is not asked for a single still more often. */
const AGAIN_AFTER_MS = 15_000;

/**
 * Takes single stills from cameras that nobody watches, so that a tile shows something at once, also
 * while there is no mediasoup worker yet.
 */
export class StillGrabber {
  readonly name = 'still grabber';
  readonly #options: GrabberOptions;
  readonly #running = new Map<string, { run: FfmpegRun; done: Promise<void> }>();
  readonly #askedAt = new Map<string, number>();

  constructor(options: GrabberOptions) {
    this.#options = options;
  }

  start(): void {
    this.#askedAt.clear();
  }

  async stop(): Promise<void> {
    for (const { run } of this.#running.values()) run.close();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Resolves when a still has been taken, could not be, or is not to be asked for now. */
  grab(camera: Camera): Promise<void> {
    const now = this.#options.scheduler.now();
    const running = this.#running.get(camera.id);
    if (running) return running.done;
    const tooSoon = now - (this.#askedAt.get(camera.id) ?? -Infinity) < AGAIN_AFTER_MS;
    if (tooSoon || this.#running.size >= AT_ONCE) return Promise.resolve();
    this.#askedAt.set(camera.id, now);
    return this.#take(camera, now);
  }

  #take(camera: Camera, startedAt: number): Promise<void> {
    const { ffmpeg, font, store, scheduler, log } = this.#options;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const plan = ffmpegPlan({ source: camera.source, mode: 'transcode', once: true, font, startedAt });
    const run = runFfmpeg(ffmpeg, plan, {
      onStill: (jpeg) => store.write(camera.id, jpeg),
      onEnd: (problem) => {
        if (problem) log.info({ camera: camera.id, problem: redact(problem) }, 'no still could be taken');
        resolve(undefined);
      },
    });
    const limit = scheduler.schedule(() => run.close(), LONGEST_MS);
    const done = promise.then(async () => {
      limit.unsubscribe();
      this.#running.delete(camera.id);
      await store.settled(camera.id);
    });
    this.#running.set(camera.id, { run, done });
    return done;
  }
}
