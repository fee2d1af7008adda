import type { SchedulerLike, Subscription } from 'rxjs';
import type { Camera, Quality } from '@mingjing/contracts';
import { ffmpegPlan } from '../ffmpeg/args.ts';
import type { OpenSource } from '../ffmpeg/args.ts';
import { permittedSource } from '../ffmpeg/permitted.ts';
import type { Permitted } from '../ffmpeg/permitted.ts';
import { probe } from '../ffmpeg/probe.ts';
import type { Probe } from '../ffmpeg/probe.ts';
import { reasonOf, redact } from '../ffmpeg/reason.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { sourceOf } from '../ffmpeg/source.ts';
import type { FilmFolder, FilmSocket } from '../fragments/filmSocket.ts';
import { FilmReader, PictureChanged } from '../fragments/filmReader.ts';
import type { FfmpegRun } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { NotPushed } from '../push/pushes.ts';
import type { Ingest } from '../sfu/ingest.ts';
import { RESTARTS, SfuUnavailable } from '../sfu/sfu.ts';
import type { StillStore } from '../stills/store.ts';
import type { Endings } from './endings.ts';
import type { Probes } from './probes.ts';
import { relay } from './relay.ts';
import { SAME_AFTER_MS, Sameness } from './sameness.ts';
import type { Feed, FeedHooks, Stream } from './stream.ts';

export interface FeedTools {
  ffmpeg: string;
  ffprobe: string;
  font: string;
  permitted: Permitted;
  stills: StillStore;
  openIngest: () => Promise<Ingest>;
  films: FilmFolder;
  endings: Endings;
  probes: Probes;
  /** Ends a still that is being taken from the camera: nobody pulls it twice. */
  freeCamera: (camera: string) => Promise<void>;
  scheduler: SchedulerLike;
  log: Log;
}

export interface FeedRequest {
  camera: Camera;
  quality: Quality;
  /** The camera's small stream, for a main stream that cannot be shown as it is. */
  sub: Stream<Ingest> | undefined;
}

const COUNT_EVERY_MS = 500;
export const SAME_PICTURE = '画面一直相同，摄像机可能已卡住 (the same picture all the time)';

/** One run from camera to mediasoup: probe, transport, ffmpeg. A new one is made for every attempt. */
export class CameraFeed implements Feed {
  readonly #request: FeedRequest;
  readonly #hooks: FeedHooks<Ingest>;
  readonly #tools: FeedTools;
  readonly #abort = new AbortController();
  /** What is pulled, as a key: one process at a time. */
  readonly #pull: string;
  #ingest: Ingest | undefined;
  #film: FilmSocket | undefined;
  #ffmpeg: FfmpegRun | undefined;
  #ended: Promise<void> | undefined;
  #found: Probe | undefined;
  #endRelay: (() => void) | undefined;
  #counting: Subscription | undefined;
  #closed = false;

  constructor(request: FeedRequest, hooks: FeedHooks<Ingest>, tools: FeedTools) {
    this.#request = request;
    this.#hooks = hooks;
    this.#tools = tools;
    this.#pull = JSON.stringify([request.camera.id, sourceOf(request.camera, request.quality)]);
    this.#open().catch((problem: unknown) => this.#end(problem));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abort.abort();
    this.#counting?.unsubscribe();
    this.#endRelay?.();
    if (this.#ffmpeg && this.#ended) this.#tools.endings.watch(this.#request.camera.id, this.#ended);
    this.#ffmpeg?.close();
    this.#film?.close();
    this.#ingest?.close();
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  async #open(): Promise<void> {
    const { permitted, endings, freeCamera } = this.#tools;
    const { camera, quality } = this.#request;
    const source = await permittedSource(sourceOf(camera, quality), permitted);
    await Promise.all([endings.settled(this.#pull), freeCamera(camera.id)]);
    if (this.#isClosed()) return;
    const found = await this.#probe(source);
    if (this.#isClosed()) return;
    if (found.mode === 'transcode' && (await this.#relaySub())) return;
    if (this.#isClosed()) return;
    this.#found = found;
    this.#hooks.onProbe(found);
    await this.#run(source, found);
  }

  async #probe(source: OpenSource): Promise<Probe> {
    const known = this.#tools.probes.take(this.#pull);
    if (known) return known;
    const asked = probe(this.#tools.ffprobe, source, this.#abort.signal);
    this.#tools.endings.track(
      this.#pull,
      asked.then(
        () => undefined,
        () => undefined,
      ),
    );
    return asked;
  }

  /** Shows the camera's small stream instead. False when that is not to be had as it is, either. */
  async #relaySub(): Promise<boolean> {
    const { sub } = this.#request;
    if (!sub) return false;
    const relayed = await relay(sub, {
      ...this.#hooks,
      onEnd: (reason) => this.#finish(reason),
      isClosed: () => this.#closed,
    });
    if (!relayed) return false;
    if (this.#isClosed()) relayed.end();
    else {
      this.#endRelay = () => relayed.end();
      this.#count(relayed.ingest);
    }
    return true;
  }

  async #run(source: OpenSource, { mode, seconds = null }: Probe): Promise<void> {
    const { ffmpeg, font, openIngest, scheduler, endings } = this.#tools;
    const ingest = await openIngest();
    // The stream may have been closed, and the worker may have died, while this was awaited.
    if (this.#isClosed() || ingest.closed) {
      ingest.close();
      throw new SfuUnavailable(RESTARTS);
    }
    this.#ingest = ingest;
    ingest.onClosed(() => this.#end(new SfuUnavailable(RESTARTS)));
    const film = await this.#openFilm(mode === 'copy' && source.kind !== 'generated');
    if (this.#isClosed()) {
      film.close();
      return;
    }
    this.#film = film;
    const live = { rtp: ingest.target, film: film.address };
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#ended = promise;
    endings.track(this.#pull, promise);
    const plan = ffmpegPlan({ source, mode, seconds, font, startedAt: scheduler.now(), live });
    this.#ffmpeg = runFfmpeg(ffmpeg, plan, {
      onStill: this.#stillHook(),
      onEnd: (problem) => {
        resolve(undefined);
        this.#end(this.#whyGone() ?? problem ?? 'the source ended');
      },
    });
    this.#hooks.onIngest(ingest);
    this.#count(ingest);
  }

  /** Why a stream that is pushed ended, when nobody pushes it any more. */
  #whyGone(): NotPushed | undefined {
    const source = sourceOf(this.#request.camera, this.#request.quality);
    if (source.kind !== 'push') return undefined;
    try {
      this.#tools.permitted.addressOf(source);
      return undefined;
    } catch (problem) {
      if (problem instanceof NotPushed) return problem;
      throw problem;
    }
  }

  #stillHook(): (jpeg: Buffer) => void {
    const { stills } = this.#tools;
    const sameness = new Sameness();
    return (jpeg) => {
      if (this.#closed) return;
      stills.write(this.#request.camera.id, jpeg);
      this.#hooks.onSame(sameness.saw(jpeg, performance.now()) >= SAME_AFTER_MS ? SAME_PICTURE : null);
    };
  }

  #openFilm(copied: boolean): Promise<FilmSocket> {
    const { scheduler, films } = this.#tools;
    const reader = new FilmReader(copied, () => scheduler.now(), {
      onFilm: (init) => {
        if (this.#found && copied)
          this.#hooks.onProbe({ ...this.#found, width: init.width, height: init.height });
        this.#hooks.onFilm(init);
      },
      onFragment: (fragment) => {
        if (this.#found) this.#tools.probes.keep(this.#pull, this.#found);
        this.#hooks.onFragment(fragment);
      },
    });
    return films.open({
      onBytes: (bytes) => {
        if (this.#closed) return;
        try {
          reader.push(bytes);
        } catch (problem) {
          this.#end(problem);
        }
      },
      onProblem: (problem) => this.#end(problem),
    });
  }

  #count(ingest: Ingest): void {
    this.#counting = this.#tools.scheduler.schedule(() => {
      ingest.packets().then(
        (total) => {
          if (this.#closed) return;
          this.#hooks.onPackets(total);
          this.#count(ingest);
        },
        (problem: unknown) => this.#end(problem),
      );
    }, COUNT_EVERY_MS);
  }

  #end(problem: unknown): void {
    if (this.#closed) return;
    const message = messageOf(problem);
    const isAwaited = problem instanceof NotPushed;
    if (!isAwaited)
      this.#tools.log.warn({ camera: this.#request.camera.id, problem: redact(message) }, 'the source ended');
    const plain = isAwaited || problem instanceof SfuUnavailable || problem instanceof PictureChanged;
    // What was known of it is not true any more: it is probed before it is pulled again.
    if (problem instanceof PictureChanged) this.#tools.probes.take(this.#pull);
    this.#finish(plain ? message : reasonOf(message), isAwaited);
  }

  #finish(reason: string, isAwaited = false): void {
    if (this.#closed) return;
    this.close();
    this.#hooks.onEnd(reason, isAwaited);
  }
}
