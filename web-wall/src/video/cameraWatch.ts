import type { StreamStatus } from '@mingjing/contracts';
import type { types } from 'mediasoup-client';
import { ask } from './ask.ts';
import { retryDelay } from './retryDelay.ts';
import type { SfuSession } from './sfuConnection.ts';

export interface WatchListener {
  /** The picture to show, or null while there is none. The consumer is resumed only after this returned. */
  track: (track: MediaStreamTrack | null) => void;
  /** What the media host says of the source. */
  status: (status: StreamStatus) => void;
  /** Why there is no picture and when it is tried again; both null once all is well. */
  trouble: (reason: string | null, retryAt: number | null) => void;
}

/** One camera watched by one tile, across sessions, pauses and failures. */
export class CameraWatch {
  readonly camera: string;
  readonly listener: WatchListener;
  #session: SfuSession | null = null;
  #consumer: types.Consumer | null = null;
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
    const [session, consumer] = [this.#session, this.#consumer];
    this.#drop();
    this.#session = null;
    if (session && consumer) this.#release(session, consumer.id);
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

  async #consume(
    session: SfuSession,
    run: number,
    offer: { consumerId: string; producerId: string; rtpParameters: Record<string, unknown> },
  ): Promise<void> {
    const consumer = await session.transport.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: 'video',
      rtpParameters: offer.rtpParameters as unknown as types.RtpParameters,
    });
    if (run !== this.#run) {
      consumer.close();
      this.#release(session, offer.consumerId);
      return;
    }
    this.#consumer = consumer;
    this.listener.track(consumer.track);
    await this.#turn(session, consumer);
    if (run !== this.#run) return;
    this.#attempt = 0;
    this.listener.trouble(null, null);
  }

  /** Brings the far side in step with whether the tile is seen. */
  async #turn(session: SfuSession, consumer: types.Consumer): Promise<void> {
    const event = this.#paused ? 'pause' : 'resume';
    try {
      await ask(session.socket, event, { consumerId: consumer.id });
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
    this.#consumer.close();
    this.#consumer = null;
    this.listener.track(null);
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
