import type { SchedulerLike, Subscription } from 'rxjs';
import type { Camera } from '@mingjing/contracts';
import { ffmpegPlan } from '../ffmpeg/args.ts';
import { permittedSource } from '../ffmpeg/permitted.ts';
import type { Permitted } from '../ffmpeg/permitted.ts';
import { probe } from '../ffmpeg/probe.ts';
import { reasonOf, redact } from '../ffmpeg/reason.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { FilmFolder, FilmSocket } from '../fragments/filmSocket.ts';
import { FragmentSplitter } from '../fragments/splitter.ts';
import { WallTime } from '../fragments/wallTime.ts';
import type { FfmpegRun } from '../ffmpeg/run.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Ingest } from '../sfu/ingest.ts';
import { RESTARTS, SfuUnavailable } from '../sfu/sfu.ts';
import type { StillStore } from '../stills/store.ts';
import type { Feed, FeedHooks } from './stream.ts';

export interface FeedTools {
  ffmpeg: string;
  ffprobe: string;
  font: string;
  permitted: Permitted;
  stills: StillStore;
  openIngest: () => Promise<Ingest>;
  films: FilmFolder;
  scheduler: SchedulerLike;
  log: Log;
}

const COUNT_EVERY_MS = 500;

/** One run from camera to mediasoup: probe, transport, ffmpeg. A new one is made for every attempt. */
export class CameraFeed implements Feed {
  readonly #camera: Camera;
  readonly #hooks: FeedHooks<Ingest>;
  readonly #tools: FeedTools;
  readonly #abort = new AbortController();
  #ingest: Ingest | undefined;
  #film: FilmSocket | undefined;
  #ffmpeg: FfmpegRun | undefined;
  #counting: Subscription | undefined;
  #closed = false;

  constructor(camera: Camera, hooks: FeedHooks<Ingest>, tools: FeedTools) {
    this.#camera = camera;
    this.#hooks = hooks;
    this.#tools = tools;
    this.#open().catch((problem: unknown) => this.#end(problem));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abort.abort();
    this.#counting?.unsubscribe();
    this.#ffmpeg?.close();
    this.#film?.close();
    this.#ingest?.close();
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  async #open(): Promise<void> {
    const { ffmpeg, ffprobe, font, permitted, stills, openIngest, scheduler } = this.#tools;
    const { id } = this.#camera;
    const source = await permittedSource(this.#camera.source, permitted);
    if (this.#isClosed()) return;
    const found = await probe(ffprobe, source, this.#abort.signal);
    if (this.#closed) return;
    this.#hooks.onProbe(found);
    const ingest = await openIngest();
    // The stream may have been closed, and the worker may have died, while this was awaited.
    if (this.#isClosed() || ingest.closed) {
      ingest.close();
      throw new SfuUnavailable(RESTARTS);
    }
    this.#ingest = ingest;
    ingest.onClosed(() => this.#end(new SfuUnavailable(RESTARTS)));
    const film = await this.#openFilm();
    if (this.#isClosed()) {
      film.close();
      return;
    }
    this.#film = film;
    const request = { source, mode: found.mode, font, startedAt: scheduler.now() };
    this.#ffmpeg = runFfmpeg(
      ffmpeg,
      ffmpegPlan({ ...request, live: { rtp: ingest.target, film: film.address } }),
      {
        onStill: (jpeg) => stills.write(id, jpeg),
        onEnd: (problem) => this.#end(problem ?? 'the source ended'),
      },
    );
    this.#hooks.onIngest(ingest);
    this.#count(ingest);
  }

  #openFilm(): Promise<FilmSocket> {
    const { scheduler, films } = this.#tools;
    const wallTime = new WallTime();
    const splitter = new FragmentSplitter({
      onInit: (init) => this.#hooks.onFilm(init),
      onFragment: (bytes, times) =>
        this.#hooks.onFragment({ bytes, ...times, wallTime: wallTime.of(times, scheduler.now()) }),
    });
    return films.open({
      onBytes: (bytes) => {
        if (this.#closed) return;
        try {
          splitter.push(bytes);
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
    this.close();
    const message = messageOf(problem);
    this.#tools.log.warn({ camera: this.#camera.id, problem: redact(message) }, 'the source ended');
    this.#hooks.onEnd(problem instanceof SfuUnavailable ? message : reasonOf(message));
  }
}
