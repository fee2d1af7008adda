import type { Segment } from '@mingjing/contracts';
import type { SchedulerLike } from 'rxjs';
import { previewPlan } from '../ffmpeg/args.ts';
import { runFfmpeg, type FfmpegRun } from '../ffmpeg/run.ts';
import type { SegmentFiles } from './files.ts';

export interface PreviewsOptions {
  ffmpeg: string;
  files: Pick<SegmentFiles, 'path'>;
  scheduler: SchedulerLike;
}

interface Job {
  file: string;
  /** How many still wait for it. */
  waiting: number;
  /** The picture, or why there is none. */
  end: (result: Buffer | Error) => void;
  result: Promise<Buffer | Error>;
}

/** So many pictures are decoded at the same time, and so many wait: the newest wish goes first. */
const AT_ONCE = 2;
const MOST_WAITING = 32;
const LONGEST_MS = 5000;
/** What is kept of pictures of some 10 KB each. In bytes. */
const MOST_KEPT = 16 * 1024 * 1024;

/** More pictures are asked for than are made. */
export class PreviewsBusy extends Error {
  override name = 'PreviewsBusy';
}

/** Small pictures of recorded segments, for whoever points at a time line: the first key frame of each. */
export class Previews {
  readonly name = 'previews';
  readonly #options: PreviewsOptions;
  /** What is made or waits, by file: two who ask for the same wait for the same. */
  readonly #jobs = new Map<string, Job>();
  readonly #queue: Job[] = [];
  readonly #running = new Set<FfmpegRun>();
  /** By file, those asked for longest ago first. */
  readonly #kept = new Map<string, Buffer>();
  #keptBytes = 0;
  #stopped = false;

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const job of this.#queue.splice(0)) this.#end(job, new Error('the media host is stopping'));
    for (const run of this.#running) run.close();
    await Promise.all([...this.#jobs.values()].map(({ result }) => result));
  }

  /**
   * The picture of a segment, as JPEG.
   * @param signal whoever asked has gone: what nobody waits for is not begun
   * @throws PreviewsBusy; Error with what ffmpeg said
   */
  async of(segment: Pick<Segment, 'camera' | 'startedAt'>, signal: AbortSignal): Promise<Buffer> {
    const file = this.#options.files.path(segment);
    const kept = this.#kept.get(file);
    if (kept) {
      this.#keep(file, kept);
      return kept;
    }
    const job = this.#jobs.get(file) ?? this.#ask(file);
    job.waiting += 1;
    const leave = () => {
      job.waiting -= 1;
      const place = this.#queue.indexOf(job);
      if (job.waiting > 0 || place < 0) return;
      this.#queue.splice(place, 1);
      this.#end(job, new Error('nobody waits for it any more'));
    };
    signal.addEventListener('abort', leave, { once: true });
    const result = await job.result;
    signal.removeEventListener('abort', leave);
    if (result instanceof Error) throw result;
    return result;
  }

  /** @throws PreviewsBusy */
  #ask(file: string): Job {
    if (this.#stopped || this.#queue.length >= MOST_WAITING)
      throw new PreviewsBusy('more pictures are asked for than are made');
    const { promise: result, resolve: end } = Promise.withResolvers<Buffer | Error>();
    const job: Job = { file, waiting: 0, end, result };
    this.#jobs.set(file, job);
    this.#queue.push(job);
    this.#next();
    return job;
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const job = this.#queue.pop();
      if (!job) return;
      this.#begin(job);
    }
  }

  #begin(job: Job): void {
    const { ffmpeg, scheduler } = this.#options;
    let picture: Buffer | undefined;
    const run = runFfmpeg(ffmpeg, previewPlan(job.file), {
      onStill: (jpeg) => (picture ??= jpeg),
      onEnd: (problem) => {
        limit.unsubscribe();
        this.#running.delete(run);
        if (picture) this.#keep(job.file, picture);
        this.#end(job, picture ?? new Error(problem ?? 'there is no picture in it'));
        this.#next();
      },
    });
    this.#running.add(run);
    const limit = scheduler.schedule(() => run.close(), LONGEST_MS);
  }

  #end(job: Job, result: Buffer | Error): void {
    this.#jobs.delete(job.file);
    job.end(result);
  }

  #keep(file: string, picture: Buffer): void {
    if (!this.#kept.delete(file)) this.#keptBytes += picture.length;
    this.#kept.set(file, picture);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= MOST_KEPT) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}
