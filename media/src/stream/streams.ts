import type { SchedulerLike } from 'rxjs';
import type { Camera, Quality, StreamStatus } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import type { Ingest } from '../sfu/ingest.ts';
import { answerOf } from './answer.ts';
import { CameraFeed } from './feed.ts';
import type { FeedTools } from './feed.ts';
import { Stream } from './stream.ts';
import type { StreamSettings } from './stream.ts';

interface StreamsOptions {
  cameras: Cameras;
  tools: FeedTools;
  settings: StreamSettings;
  scheduler: SchedulerLike;
}

/** Every camera's stream, made when it is first asked for, kept in step with the camera list. */
export class Streams {
  readonly name = 'streams';
  readonly #options: StreamsOptions;
  readonly #streams: Record<Quality, Map<string, Stream<Ingest>>> = { main: new Map(), sub: new Map() };
  #stopped = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.cameras.onChange((cameras) => this.#follow(cameras));
  }

  stop(): void {
    this.#stopped = true;
    for (const stream of this.#all()) stream.close();
    this.#streams.main.clear();
    this.#streams.sub.clear();
  }

  /**
   * The stream of a camera. A camera without a small stream has its main one for both.
   * @throws Error when the host is stopping
   */
  of(camera: Camera, quality: Quality = 'main'): Stream<Ingest> {
    if (this.#stopped) throw new Error('视频服务正在停止 (the media host is stopping)');
    const which = camera.sub ? quality : 'main';
    const known = this.#streams[which].get(camera.id);
    if (known) return known;
    const stream = this.#open(camera, which);
    this.#streams[which].set(camera.id, stream);
    return stream;
  }

  /** The status of every camera's main stream, sleeping ones too, and of the small streams that were asked for. */
  statuses(): StreamStatus[] {
    const main = this.#options.cameras.all().map((camera) => this.of(camera).status);
    return [...main, ...[...this.#streams.sub.values()].map(({ status }) => status)];
  }

  /** The source of a stream has come: a try that is waited for is made now. */
  hurry(camera: string, quality: Quality): void {
    this.#streams[quality].get(camera)?.hurry();
  }

  /** Whether anything of a camera is pulled, or waited for. */
  isAwake(camera: Camera): boolean {
    return [this.of(camera), this.of(camera, 'sub')].some(({ status }) => status.state !== 'idle');
  }

  /** How many streams run, by what they are; each pull once. */
  counts(): { running: number; live: number; frozen: number; waiting: number; transcoded: number } {
    const own = this.#all()
      .map(({ status }) => status)
      .filter(({ state, via }) => state !== 'idle' && via === undefined);
    const count = (wanted: (status: StreamStatus) => boolean) => own.filter(wanted).length;
    return {
      running: own.length,
      live: count(({ state }) => state === 'live'),
      frozen: count(({ state }) => state === 'frozen'),
      waiting: count(({ state }) => state === 'retrying' || state === 'failed'),
      transcoded: count(({ state, mode }) => state === 'live' && mode === 'transcode'),
    };
  }

  #all(): Stream<Ingest>[] {
    return [...this.#streams.main.values(), ...this.#streams.sub.values()];
  }

  #open(camera: Camera, quality: Quality): Stream<Ingest> {
    const { tools, settings, scheduler } = this.#options;
    return new Stream<Ingest>(camera, {
      openFeed: (wanted, hooks) => {
        const sub = quality === 'main' && wanted.sub ? this.of(wanted, 'sub') : undefined;
        return new CameraFeed({ camera: wanted, quality, sub }, hooks, tools);
      },
      ask: (asked) => answerOf(asked, quality, tools.permitted),
      quality,
      settings,
      scheduler,
      elapsed: () => performance.now(),
    });
  }

  #follow(cameras: ReadonlyMap<string, Camera>): void {
    // The small streams first: a main stream that begins anew may show them.
    for (const streams of [this.#streams.sub, this.#streams.main]) {
      for (const [id, stream] of streams) {
        const camera = cameras.get(id);
        const gone = !camera || (streams === this.#streams.sub && !camera.sub);
        // Another region has other viewers: those of now are sent away and asked for their right anew.
        if (gone || camera.region !== stream.camera.region) {
          stream.close();
          streams.delete(id);
        } else {
          stream.update(camera);
        }
      }
    }
  }
}
