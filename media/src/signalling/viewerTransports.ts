import type { types } from 'mediasoup';
import type { Engine } from '../sfu/engine.ts';
import { Refusal } from './requests.ts';

/** What a browser needs to open its end of a transport. */
export type TransportOffer = Pick<
  types.WebRtcTransport,
  'id' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters'
>;

const MOST_TRANSPORTS = 4;

/** The transports of one viewer: a few, that end with their router or with the viewer. */
export class ViewerTransports {
  readonly #open = new Map<string, types.WebRtcTransport>();
  /** Those that are being opened count as well. */
  #opening = 0;
  #closed = false;
  readonly #onRouterClose: () => void;

  /** @param onRouterClose the worker behind a transport died */
  constructor(onRouterClose: () => void) {
    this.#onRouterClose = onRouterClose;
  }

  /** @throws Refusal when there are too many, or the viewer has gone meanwhile */
  async create(engine: Engine): Promise<TransportOffer> {
    if (this.#open.size + this.#opening >= MOST_TRANSPORTS)
      throw new Refusal(`at most ${MOST_TRANSPORTS} transports`);
    this.#opening += 1;
    const transport = await engine.createViewerTransport().finally(() => (this.#opening -= 1));
    if (this.#closed) {
      transport.close();
      throw new Refusal('the connection has ended');
    }
    this.#open.set(transport.id, transport);
    transport.observer.once('close', () => this.#open.delete(transport.id));
    transport.once('routerclose', () => {
      if (!this.#closed) this.#onRouterClose();
    });
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters };
  }

  /** @throws Refusal when there is none */
  get(id: string): types.WebRtcTransport {
    const transport = this.#open.get(id);
    if (!transport || transport.closed) throw new Refusal(`no such transport: ${id}`);
    return transport;
  }

  /** One that is not there is not missed. */
  closeOne(id: string): void {
    this.#open.get(id)?.close();
  }

  /** Closes those that are open; the viewer may open others. */
  clear(): void {
    for (const transport of [...this.#open.values()]) transport.close();
  }

  /** Idempotent; one that is still being opened is closed when it comes. */
  close(): void {
    this.#closed = true;
    this.clear();
  }
}
