import type { SchedulerLike } from 'rxjs';
import type { Camera, StreamStatus } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import type { Ingest } from '../sfu/ingest.ts';
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
  readonly #streams = new Map<string, Stream<Ingest>>();
  #stopped = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.cameras.onChange((cameras) => this.#follow(cameras));
  }

  stop(): void {
    this.#stopped = true;
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
  }

  /** The stream of a camera. @throws Error when the host is stopping */
  of(camera: Camera): Stream<Ingest> {
    if (this.#stopped) throw new Error('视频服务正在停止 (the media host is stopping)');
    const known = this.#streams.get(camera.id);
    if (known) return known;
    const { tools, settings, scheduler } = this.#options;
    const stream = new Stream<Ingest>(camera, {
      openFeed: (wanted, hooks) => new CameraFeed(wanted, hooks, tools),
      settings,
      scheduler,
    });
    this.#streams.set(camera.id, stream);
    return stream;
  }

  /** The status of every camera that is known, sleeping ones too. */
  statuses(): StreamStatus[] {
    return this.#options.cameras.all().map((camera) => this.of(camera).status);
  }

  #follow(cameras: ReadonlyMap<string, Camera>): void {
    for (const [id, stream] of this.#streams) {
      const camera = cameras.get(id);
      // Another region has other viewers: those of now are sent away and asked for their right anew.
      if (!camera || camera.region !== stream.camera.region) {
        stream.close();
        this.#streams.delete(id);
      } else {
        stream.update(camera);
      }
    }
  }
}
