import type { types } from 'mediasoup';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { Camera, Quality, StreamStatus } from '@mingjing/contracts';
import type { Ingest } from '../sfu/ingest.ts';
import type { Stream } from '../stream/stream.ts';

/** One stream that a viewer watches, with the pictures that it has of it. */
export interface Watched {
  /** Which stream of which camera. */
  key: string;
  camera: string;
  stream: Stream<Ingest>;
  leave: () => void;
  consumers: Map<string, types.Consumer>;
  /** Ends an interest that has no picture and is not repeated. */
  lease: Subscription | undefined;
}

interface WatchesOptions {
  streamOf: (camera: Camera, quality: Quality) => Stream<Ingest>;
  onStatus: (status: StreamStatus) => void;
  scheduler: SchedulerLike;
}

/** An interest without a picture keeps the source trying for so long after the last `watch`. */
const LEASE_MS = 60_000;

/** What one viewer watches, and with it for how long the sources are kept going. */
export class Watches {
  readonly #options: WatchesOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** How many pictures there are of everything. */
  get consumers(): number {
    return [...this.#watched.values()].reduce((sum, { consumers }) => sum + consumers.size, 0);
  }

  /** Watches a camera's stream, or goes on with it. */
  watch(camera: Camera, quality: Quality): Watched {
    const { id } = camera;
    const key = `${quality} ${id}`;
    const known = this.#watched.get(key);
    if (known && !known.stream.closed) {
      this.renewLease(known);
      return known;
    }
    if (known) this.#letGo(known);
    const stream = this.#options.streamOf(camera, quality);
    const nothing = { leave: () => undefined, consumers: new Map(), lease: undefined };
    const watched: Watched = { key, camera: id, stream, ...nothing };
    this.#watched.set(key, watched);
    watched.leave = stream.join(this.#options.onStatus);
    this.renewLease(watched);
    return watched;
  }

  has(watched: Watched): boolean {
    return this.#watched.get(watched.key) === watched;
  }

  /** The interest lasts, also without a picture, from now on. */
  renewLease(watched: Watched): void {
    watched.lease?.unsubscribe();
    watched.lease = this.#options.scheduler.schedule(() => {
      if (watched.consumers.size === 0 && this.has(watched)) this.#letGo(watched);
    }, LEASE_MS);
  }

  /** A picture has ended by itself: its stream is wanted for a while yet. */
  ended(watched: Watched, consumerId: string): void {
    watched.consumers.delete(consumerId);
    if (watched.consumers.size === 0) this.renewLease(watched);
  }

  consumer(id: string): types.Consumer | undefined {
    for (const { consumers } of this.#watched.values()) {
      const consumer = consumers.get(id);
      if (consumer && !consumer.closed) return consumer;
    }
    return undefined;
  }

  /** To which stream a picture belongs. */
  of(consumerId: string): Watched | undefined {
    return [...this.#watched.values()].find(({ consumers }) => consumers.has(consumerId));
  }

  /** Lets go of one picture, and of its stream when it was the last. */
  letGoConsumer(id: string): void {
    for (const watched of [...this.#watched.values()]) {
      watched.consumers.get(id)?.close();
      if (watched.consumers.delete(id) && watched.consumers.size === 0) this.#letGo(watched);
    }
  }

  letGoCamera(camera: string): void {
    for (const watched of [...this.#watched.values()]) if (watched.camera === camera) this.#letGo(watched);
  }

  clear(): void {
    for (const watched of [...this.#watched.values()]) this.#letGo(watched);
  }

  #letGo(watched: Watched): void {
    this.#watched.delete(watched.key);
    watched.lease?.unsubscribe();
    for (const consumer of watched.consumers.values()) consumer.close();
    watched.leave();
  }
}
