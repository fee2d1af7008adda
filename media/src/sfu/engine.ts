import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import { ROUTER_CODECS } from './codecs.ts';

export interface EngineOptions {
  workerBin: string;
  rtcHost: string;
  announcedAddress: string | undefined;
  /** udp and tcp; 0 takes a free one. */
  port: number;
}

/** One mediasoup worker with its one WebRTC port and its router. Closed when its worker dies. */
export class Engine {
  readonly router: types.Router;
  readonly #worker: types.Worker;
  readonly #webRtcServer: types.WebRtcServer;
  /** How many sources and viewers it carries; for placing the next. */
  load = 0;

  private constructor(worker: types.Worker, webRtcServer: types.WebRtcServer, router: types.Router) {
    this.#worker = worker;
    this.#webRtcServer = webRtcServer;
    this.router = router;
  }

  /** @throws Error when the worker does not start or the port is taken */
  static async start({ workerBin, rtcHost, announcedAddress, port }: EngineOptions): Promise<Engine> {
    const worker = await createWorker({ workerBin, logLevel: 'warn' });
    try {
      const listen = {
        ip: rtcHost,
        ...(announcedAddress === undefined ? {} : { announcedAddress }),
        ...(port === 0 ? {} : { port }),
      };
      const webRtcServer = await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...listen },
          { protocol: 'tcp', ...listen },
        ],
      });
      return new Engine(worker, webRtcServer, await worker.createRouter({ mediaCodecs: ROUTER_CODECS }));
    } catch (problem) {
      worker.close();
      throw problem;
    }
  }

  get closed(): boolean {
    return this.#worker.closed;
  }

  get pid(): number {
    return this.#worker.pid;
  }

  onDied(listener: (problem: Error) => void): void {
    this.#worker.on('died', listener);
  }

  /** Where a viewer's browser receives. */
  async createViewerTransport(): Promise<types.WebRtcTransport> {
    const transport = await this.router.createWebRtcTransport({
      webRtcServer: this.#webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      // A wall opens many tiles at once; a low first guess would thin them out.
      initialAvailableOutgoingBitrate: 20_000_000,
    });
    this.load += 1;
    transport.observer.once('close', () => (this.load -= 1));
    return transport;
  }

  /** Ends the worker, and with it everything that lives in it; idempotent. */
  close(): void {
    this.#worker.close();
  }
}
