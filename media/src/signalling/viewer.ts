import type { types } from 'mediasoup';
import type { z } from 'zod';
import type { SchedulerLike } from 'rxjs';
import { inScope } from '@mingjing/contracts';
import type { Camera, MediaServerEvents, TicketClaims } from '@mingjing/contracts';
import type { Cameras } from '../cameras.ts';
import { messageOf } from '../modules.ts';
import type { Engine } from '../sfu/engine.ts';
import { iceServersFor, type IceOptions } from '../sfu/iceServers.ts';
import type { Ingest } from '../sfu/ingest.ts';
import { WarmStart } from '../sfu/warmStart.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { Stream } from '../stream/stream.ts';
import type { Streams } from '../stream/streams.ts';
import type { Viewings } from '../viewings/viewings.ts';
import { Refusal, type watchSchema } from './requests.ts';
import { Right } from './right.ts';
import { Seen } from './seen.ts';
import type { Sessions } from './sessions.ts';
import { ViewerTransports, type TransportOffer } from './viewerTransports.ts';
import { Watches, type Watched } from './watches.ts';

export interface ViewerTools {
  ticketKey: string;
  sessions: Sessions;
  cameras: Cameras;
  streams: Streams;
  sfu: Sfu;
  /** How browsers reach the media host where they do not directly. */
  ice: IceOptions & { relayOnly: boolean };
  viewings: Viewings;
  /** Asks a camera for a key frame, where it can be asked. */
  askForKeyFrame: (camera: Camera) => void;
  scheduler: SchedulerLike;
}

/** What a viewer tells its socket. */
export interface ViewerHooks {
  emit: <E extends keyof MediaServerEvents>(event: E, ...data: Parameters<MediaServerEvents[E]>) => void;
  /** The worker behind it died: the client connects anew and begins again. */
  reconnect: () => void;
  /** Its right has ended. */
  dismiss: () => void;
}

interface Warming {
  rtpCapabilities: types.RtpCapabilities;
  watched: Watched;
}

interface Consuming {
  /** The producer's id on the viewer's engine. */
  producerOn: (engine: Engine) => Promise<string>;
  rtpCapabilities: types.RtpCapabilities;
}

function offerOf({ id, producerId, rtpParameters }: types.Consumer) {
  return { consumerId: id, producerId, kind: 'video' as const, rtpParameters };
}

/** A group of fewer packets has only just begun: it is caught up with by itself. */
const LEAST_GROUP = 2;
const MOST_CONSUMERS = 128;
/** `watch` answers within this, also while the source still connects. */
const PICTURE_WITHIN_MS = 10_000;

/** One socket's session: its right, its transports, what it watches. Closing it closes all of them. */
export class Viewer {
  readonly #tools: ViewerTools;
  readonly #hooks: ViewerHooks;
  readonly #right: Right;
  #engine: Engine | undefined;
  #closed = false;
  readonly #transports: ViewerTransports;
  readonly #watches: Watches;
  readonly #warmStarts = new Map<string, WarmStart>();
  readonly #seen: Seen;

  constructor(tools: ViewerTools, hooks: ViewerHooks) {
    this.#tools = tools;
    this.#hooks = hooks;
    this.#right = new Right(tools, () => hooks.dismiss());
    this.#transports = new ViewerTransports(() => hooks.reconnect());
    this.#seen = new Seen(tools.viewings);
    this.#watches = new Watches({
      streamOf: (camera, quality) => tools.streams.of(camera, quality),
      onStatus: (status) => hooks.emit('stream', status),
      scheduler: tools.scheduler,
    });
  }

  /** Begins, or begins anew: what the client had before is closed. */
  hello(ticket: string) {
    this.#right.begin(ticket);
    const { ice, scheduler } = this.#tools;
    this.#clear();
    const reason = this.#tools.sfu.unavailable;
    if (reason !== null) throw new Refusal(reason);
    if (!this.#engine || this.#engine.closed) this.#engine = this.#tools.sfu.pick();
    return {
      rtpCapabilities: this.#engine.router.rtpCapabilities,
      iceServers: iceServersFor(this.#right.check().user, scheduler.now(), ice),
      relayOnly: ice.relayOnly,
    };
  }

  renew(ticket: string): null {
    this.#right.renew(ticket);
    return null;
  }

  async createTransport(): Promise<TransportOffer> {
    this.#right.check();
    const engine = this.#engine;
    if (!engine || engine.closed) throw new Refusal('say hello first');
    return await this.#transports.create(engine);
  }

  async connectTransport(id: string, dtlsParameters: types.DtlsParameters): Promise<null> {
    this.#right.check();
    await this.#transports.get(id).connect({ dtlsParameters });
    return null;
  }

  closeTransport(id: string): null {
    this.#transports.closeOne(id);
    return null;
  }

  /**
   * Watches a camera. When its picture cannot be had now, the reason is the answer, and the stream
   * goes on trying: its states come as `stream` events until the camera is unwatched.
   */
  async watch({ camera: id, quality, transportId, rtpCapabilities }: z.output<typeof watchSchema>) {
    const camera = await this.#camera(id);
    const transport = this.#transports.get(transportId);
    const watched = this.#watches.watch(camera, quality);
    if (this.#watches.consumers >= MOST_CONSUMERS)
      throw new Refusal(`at most ${MOST_CONSUMERS} pictures at a time`);
    const ingest = await this.#ingestOf(watched.stream);
    const producerOn = (engine: Engine) => ingest.producerOn(engine);
    const consumer = await this.#consume(ingest, transport, { producerOn, rtpCapabilities });
    // Whatever was let go while this was awaited must not come to life again.
    if (this.#closed || !this.#watches.has(watched)) {
      consumer.close();
      throw new Refusal('no longer watched');
    }
    this.#keep(consumer, watched);
    if (ingest.group.isTooLarge) this.#tools.askForKeyFrame(camera);
    const warm = await this.#warm(ingest, transport, { rtpCapabilities, watched });
    const shown = watched.stream.status.quality ?? 'main';
    return { ...offerOf(consumer), quality: shown, ...(warm && { warm }) };
  }

  async resume(consumerId: string): Promise<null> {
    this.#right.check();
    const consumer = this.#consumer(consumerId);
    await consumer.resume();
    this.#warmStarts.get(consumerId)?.begin();
    const watched = this.#watches.of(consumerId);
    if (watched) {
      const { user, session } = this.#right.check();
      const quality = watched.stream.status.quality ?? 'main';
      this.#seen.begin(consumer, { camera: watched.camera, user, session, quality });
    }
    return null;
  }

  async pause(consumerId: string): Promise<null> {
    await this.#consumer(consumerId).pause();
    this.#seen.end(consumerId);
    return null;
  }

  /** Lets go of one picture, or of everything of a camera. What is not watched is not missed. */
  unwatch(request: { consumerId: string } | { camera: string }): null {
    if ('camera' in request) this.#watches.letGoCamera(request.camera);
    else this.#watches.letGoConsumer(request.consumerId);
    return null;
  }

  /** Idempotent; closes transports, and with them consumers, and leaves every stream. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#right.close();
    this.#clear();
    this.#transports.close();
  }

  #clear(): void {
    this.#watches.clear();
    this.#transports.clear();
  }

  /** A camera of the viewer's, and the right of now. @throws Refusal */
  async permitted(id: string): Promise<{ camera: Camera; claims: TicketClaims }> {
    return { camera: await this.#camera(id), claims: this.#right.check() };
  }

  /** A camera that is not there and one of another region get the same answer. */
  async #camera(id: string): Promise<Camera> {
    this.#right.check();
    const camera = await this.#tools.cameras.find(id);
    if (!camera || !inScope(this.#right.check().region, camera.region)) {
      throw new Refusal('辖区内没有该摄像机 (no such camera in your region)');
    }
    return camera;
  }

  /** Where to attach, once the source has one; refused with the reason when it fails or takes long. */
  #ingestOf(stream: Stream<Ingest>): Promise<Ingest> {
    const { promise, resolve, reject } = Promise.withResolvers<Ingest>();
    const limit = this.#tools.scheduler.schedule(
      () => reject(new Refusal('正在连接摄像机 (still connecting)')),
      PICTURE_WITHIN_MS,
    );
    stream
      .ingest()
      .then(resolve, (problem: unknown) => reject(new Refusal(messageOf(problem))))
      .finally(() => limit.unsubscribe())
      .catch(reject);
    return promise;
  }

  /** What a late joiner sees until the next key frame; nothing when the group has only just begun, or none is kept. */
  async #warm(ingest: Ingest, transport: types.WebRtcTransport, { rtpCapabilities, watched }: Warming) {
    const { scheduler } = this.#tools;
    if (ingest.group.packets.length < LEAST_GROUP) return undefined;
    let warm: WarmStart | undefined;
    const producerOn = async (engine: Engine) => {
      warm = await WarmStart.open(engine, ingest.group, scheduler);
      return warm.producerId;
    };
    const consumer = await this.#consume(ingest, transport, { producerOn, rtpCapabilities }).catch(
      (problem: unknown) => {
        warm?.close();
        throw problem;
      },
    );
    if (!warm || this.#closed || watched.stream.closed) {
      warm?.close();
      return undefined;
    }
    const { id } = consumer;
    this.#warmStarts.set(id, warm);
    watched.consumers.set(id, consumer);
    const end = warm.close.bind(warm);
    consumer.observer.once('close', () => {
      this.#warmStarts.delete(id);
      this.#watches.ended(watched, id);
      end();
    });
    return offerOf(consumer);
  }

  async #consume(
    ingest: Ingest,
    transport: types.WebRtcTransport,
    { producerOn, rtpCapabilities }: Consuming,
  ): Promise<types.Consumer> {
    const engine = this.#engine;
    if (!engine || engine.closed) throw new Refusal('say hello first');
    try {
      const producerId = await producerOn(engine);
      return await transport.consume({ producerId, rtpCapabilities, paused: true });
    } catch (problem) {
      if (problem instanceof TypeError) throw new Refusal(`rtpCapabilities: ${problem.message}`);
      if (ingest.closed) throw new Refusal('视频源中断，请重试 (the source ended, watch again)');
      if (transport.closed) throw new Refusal('the transport has closed');
      throw problem;
    }
  }

  #keep(consumer: types.Consumer, watched: Watched): void {
    watched.consumers.set(consumer.id, consumer);
    consumer.once('producerclose', () => {
      // The client watches again; meanwhile its interest keeps the stream trying.
      this.#watches.ended(watched, consumer.id);
      if (!this.#closed) this.#hooks.emit('gone', { consumerId: consumer.id, camera: watched.camera });
    });
    consumer.once('transportclose', () => this.#watches.ended(watched, consumer.id));
  }

  #consumer(id: string): types.Consumer {
    const consumer = this.#watches.consumer(id);
    if (consumer) return consumer;
    throw new Refusal(`no such consumer: ${id}`);
  }
}
