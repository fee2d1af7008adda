import type { SchedulerLike } from 'rxjs';
import type { Camera } from '@mingjing/contracts';
import { ffmpegPlan } from '../ffmpeg/args.ts';
import { permittedSource } from '../ffmpeg/permitted.ts';
import type { Permitted } from '../ffmpeg/permitted.ts';
import { redact } from '../ffmpeg/reason.ts';
import { sourceOf } from '../ffmpeg/source.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { StillStore } from './store.ts';

interface GrabberOptions {
  ffmpeg: string;
  font: string;
  permitted: Permitted;
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
  readonly #running = new Map<string, { ending: AbortController; done: Promise<void> }>();
  readonly #askedAt = new Map<string, number>();

  constructor(options: GrabberOptions) {
    this.#options = options;
  }

  start(): void {
    this.#askedAt.clear();
  }

  async stop(): Promise<void> {
    for (const { ending } of this.#running.values()) ending.abort();
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

  /** Ends a still that is being taken from a camera, whose stream is about to be pulled. */
  async free(camera: string): Promise<void> {
    const running = this.#running.get(camera);
    running?.ending.abort();
    await running?.done;
  }

  #take(camera: Camera, startedAt: number): Promise<void> {
    const { store, log } = this.#options;
    const ending = new AbortController();
    const done = this.#still(camera, startedAt, ending.signal)
      .catch((problem: unknown) =>
        log.info({ camera: camera.id, problem: redact(messageOf(problem)) }, 'no still could be taken'),
      )
      .then(async () => {
        this.#running.delete(camera.id);
        await store.settled(camera.id);
      });
    this.#running.set(camera.id, { ending, done });
    return done;
  }

  /** Asks a camera for one still, its small stream where it has one. @throws Error with what ffmpeg said, or why the camera may not be asked */
  async #still(camera: Camera, startedAt: number, signal: AbortSignal): Promise<void> {
    const { ffmpeg, font, permitted, store, scheduler } = this.#options;
    const source = await permittedSource(sourceOf(camera, 'sub'), permitted);
    if (signal.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const run = runFfmpeg(ffmpeg, ffmpegPlan({ source, mode: 'transcode', once: true, font, startedAt }), {
      onStill: (jpeg) => store.write(camera.id, jpeg),
      onEnd: (problem) => (problem === null ? resolve(undefined) : reject(new Error(problem))),
    });
    const limit = scheduler.schedule(() => run.close(), LONGEST_MS);
    signal.addEventListener('abort', () => run.close());
    await promise.finally(() => limit.unsubscribe());
  }
}
