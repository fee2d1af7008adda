import type { ConsumerOffer, StreamStatus } from '@mingjing/contracts';
import type { types } from 'mediasoup-client';
import { ask } from './ask.ts';
import type { Value } from './ask.ts';
import { retryDelay } from './retryDelay.ts';
import type { SfuSession } from './sfuConnection.ts';

export interface WatchListener {
  /**
   * The picture to show, or null while there is none. The consumer is resumed only after this returned; which track
   * the stream holds may change while it is shown.
   */
  picture: (stream: MediaStream | null) => void;
  /** What the media host says of the source. */
  status: (status: StreamStatus) => void;
  /** Why there is no picture and when it is tried again; both null once all is well. */
  trouble: (reason: string | null, retryAt: number | null) => void;
}

/** How often it is looked whether the regular picture has a frame. */
const HAND_EVERY_MS = 100;

/** How many frames a consumer has decoded; 0 as well when it has ended meanwhile. */
async function framesDecoded(consumer: types.Consumer): Promise<number> {
  if (consumer.closed) return 0;
  const stats = await consumer.getStats();
  let frames = 0;
  stats.forEach((one: { type: string; framesDecoded?: number }) => {
    if (one.type === 'inbound-rtp') frames = one.framesDecoded ?? 0;
  });
  return frames;
}

/** One camera watched by one tile, across sessions, pauses and failures. */
export class CameraWatch {
  readonly camera: string;
  readonly listener: WatchListener;
  #session: SfuSession | null = null;
  #consumer: types.Consumer | null = null;
  /** The picture of the group so far, until the consumer has a frame of its own. */
  #warm: types.Consumer | null = null;
  #picture: MediaStream | null = null;
  #handing: ReturnType<typeof setInterval> | undefined;
  #paused = false;
  #closed = false;
  #run = 0;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(camera: string, listener: WatchListener) {
    this.camera = camera;
    this.listener = listener;
  }

  get consumerId(): string | null {
    return this.#consumer?.id ?? null;
  }

  /** Goes on with a new session, or waits for one. */
  use(session: SfuSession | null): void {
    this.#drop();
    this.#session = session;
    this.#attempt = 0;
    if (!this.#paused) void this.#begin();
  }

  /** A hidden tile costs nothing: no packets are sent until it is seen again. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused || this.#closed) return;
    this.#paused = paused;
    if (this.#consumer && this.#session) void this.#turn(this.#session, this.#consumer);
    else if (!paused) void this.#begin();
  }

  /** The source ended or was replaced: watches it anew. */
  restart(): void {
    this.#drop();
    this.#again('the source was replaced');
  }

  close(): void {
    this.#closed = true;
    const [session, held] = [this.#session, [this.#consumer, this.#warm]];
    this.#drop();
    this.#session = null;
    for (const one of held) if (session && one) this.#release(session, one.id);
  }

  async #begin(): Promise<void> {
    const session = this.#session;
    if (!session || this.#closed) return;
    clearTimeout(this.#retry);
    this.#run += 1;
    const run = this.#run;
    try {
      const offer = await ask(session.socket, 'watch', {
        camera: this.camera,
        transportId: session.transport.id,
        rtpCapabilities: session.capabilities,
      });
      if (run !== this.#run) {
        this.#release(session, offer.consumerId);
        return;
      }
      await this.#consume(session, run, offer);
    } catch (error) {
      if (run === this.#run) this.#again(error instanceof Error ? error.message : String(error));
    }
  }

  async #consume(session: SfuSession, run: number, { warm, ...offer }: Value<'watch'>): Promise<void> {
    const consumer = await this.#receive(session, offer);
    const early = warm && (await this.#receive(session, warm));
    if (run !== this.#run) {
      for (const one of [consumer, early]) {
        one?.close();
        if (one) this.#release(session, one.id);
      }
      return;
    }
    this.#consumer = consumer;
    this.#warm = early ?? null;
    this.#picture = new MediaStream([(early ?? consumer).track]);
    this.listener.picture(this.#picture);
    await this.#turn(session, consumer);
    if (run !== this.#run) return;
    this.#attempt = 0;
    this.listener.trouble(null, null);
    if (early) this.#hand(session, consumer, early);
  }

  #receive(session: SfuSession, offer: ConsumerOffer): Promise<types.Consumer> {
    return session.transport.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: offer.kind,
      rtpParameters: offer.rtpParameters as unknown as types.RtpParameters,
    });
  }

  /** Goes over to the consumer's own picture once it has a frame. */
  #hand(session: SfuSession, consumer: types.Consumer, warm: types.Consumer): void {
    this.#handing = setInterval(() => {
      void framesDecoded(consumer).then((frames) => {
        if (this.#warm !== warm || frames === 0) return;
        clearInterval(this.#handing);
        this.#warm = null;
        this.#picture?.addTrack(consumer.track);
        this.#picture?.removeTrack(warm.track);
        warm.close();
        this.#release(session, warm.id);
      });
    }, HAND_EVERY_MS);
  }

  /** Brings the far side in step with whether the tile is seen. */
  async #turn(session: SfuSession, consumer: types.Consumer): Promise<void> {
    const event = this.#paused ? 'pause' : 'resume';
    const ids = [consumer, this.#warm].flatMap((one) => one?.id ?? []);
    try {
      await Promise.all(ids.map((consumerId) => ask(session.socket, event, { consumerId })));
    } catch (error) {
      if (this.#consumer === consumer) this.#again(error instanceof Error ? error.message : String(error));
    }
  }

  /** Tells the host that a consumer is not needed. If it cannot be told, the broken connection ends it there. */
  #release(session: SfuSession, consumerId: string): void {
    if (session.socket.connected) session.socket.emit('unwatch', { consumerId }, () => undefined);
  }

  #drop(): void {
    clearTimeout(this.#retry);
    this.#run += 1;
    if (!this.#consumer) return;
    clearInterval(this.#handing);
    this.#consumer.close();
    this.#warm?.close();
    this.#consumer = null;
    this.#warm = null;
    this.#picture = null;
    this.listener.picture(null);
  }

  #again(reason: string): void {
    this.#drop();
    if (this.#closed || !this.#session) return;
    this.#attempt += 1;
    const delay = retryDelay(this.#attempt);
    this.listener.trouble(reason, Date.now() + delay);
    this.#retry = setTimeout(() => void this.#begin(), delay);
  }
}
