import type { types } from 'mediasoup';
import type { RtpTarget } from '../ffmpeg/args.ts';
import { PAYLOAD_TYPE, ingestRtpParameters } from './codecs.ts';
import type { Engine } from './engine.ts';
import { GroupOfPictures } from './groupOfPictures.ts';

/** ffmpeg and the workers run on one machine. */
const LOCAL = { protocol: 'udp', ip: '127.0.0.1' } as const;

/** ffmpeg takes the SSRC as a signed number. */
const SSRC_LIMIT = 0x7fffffff;
let lastSsrc = 10_000_000;

/**
 * Where one ffmpeg's packets enter mediasoup. Made anew for every run of ffmpeg: a restarted one
 * sends from other ports, which a transport that has learnt its peer would not hear.
 */
export class Ingest {
  readonly target: RtpTarget;
  /** Its packets since the last key frame. */
  readonly group = new GroupOfPictures();
  readonly #engine: Engine;
  readonly #transport: types.PlainTransport;
  readonly #producer: types.Producer;
  readonly #piped = new Map<Engine, Promise<string>>();

  private constructor(
    engine: Engine,
    transport: types.PlainTransport,
    producer: types.Producer,
    ssrc: number,
  ) {
    this.#engine = engine;
    this.#transport = transport;
    this.#producer = producer;
    this.target = {
      host: LOCAL.ip,
      rtpPort: transport.tuple.localPort,
      rtcpPort: transport.rtcpTuple?.localPort ?? transport.tuple.localPort + 1,
      ssrc,
      payloadType: PAYLOAD_TYPE,
    };
    engine.load += 1;
    transport.observer.once('close', () => (engine.load -= 1));
  }

  /** @throws Error when the worker dies meanwhile */
  static async open(engine: Engine): Promise<Ingest> {
    lastSsrc = (lastSsrc % SSRC_LIMIT) + 1;
    const ssrc = lastSsrc;
    // ffmpeg sends RTP and RTCP from two sockets, whose addresses are learnt from the first packets.
    const transport = await engine.router.createPlainTransport({
      listenInfo: LOCAL,
      rtcpMux: false,
      comedia: true,
    });
    try {
      const producer = await transport.produce({ kind: 'video', rtpParameters: ingestRtpParameters(ssrc) });
      const ingest = new Ingest(engine, transport, producer, ssrc);
      await ingest.#keepGroup();
      return ingest;
    } catch (problem) {
      transport.close();
      throw problem;
    }
  }

  async #keepGroup(): Promise<void> {
    const { router } = this.#engine;
    const keeper = await router.createDirectTransport();
    this.#producer.observer.once('close', () => keeper.close());
    const { rtpCapabilities } = router;
    const consumer = await keeper.consume({ producerId: this.#producer.id, rtpCapabilities });
    consumer.on('rtp', (packet) => this.group.push(packet));
  }

  get closed(): boolean {
    return this.#producer.closed;
  }

  /** Called once, also when the worker died. */
  onClosed(listener: () => void): void {
    this.#producer.observer.once('close', listener);
  }

  /** How many packets have come. 0 once closed. */
  async packets(): Promise<number> {
    if (this.#producer.closed) return 0;
    const stats = await this.#producer.getStats().catch((problem: unknown) => {
      // Closed while the answer was awaited: there is nothing to count any more.
      if (this.#producer.closed) return [];
      throw problem;
    });
    return stats.reduce((sum, { packetCount }) => sum + packetCount, 0);
  }

  /**
   * The producer's id on an engine: its own, or that of a pipe to the engine, made when first asked for.
   * @throws Error when either has closed meanwhile
   */
  producerOn(engine: Engine): Promise<string> {
    if (engine === this.#engine) return Promise.resolve(this.#producer.id);
    const known = this.#piped.get(engine);
    if (known) return known;
    const pipe = this.#pipeTo(engine);
    this.#piped.set(engine, pipe);
    pipe.catch(() => this.#piped.delete(engine));
    return pipe;
  }

  async #pipeTo(engine: Engine): Promise<string> {
    const { pipeProducer } = await this.#engine.router.pipeToRouter({
      producerId: this.#producer.id,
      router: engine.router,
      listenInfo: LOCAL,
    });
    if (!pipeProducer) throw new Error('the pipe to the other worker came without a producer');
    // A worker that is replaced comes back as another engine.
    pipeProducer.observer.once('close', () => this.#piped.delete(engine));
    return pipeProducer.id;
  }

  /** Idempotent; closes the viewers' consumers with it. */
  close(): void {
    this.#transport.close();
  }
}
