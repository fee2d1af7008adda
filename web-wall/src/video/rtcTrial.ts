import type { types } from 'mediasoup-client';
import { ask } from './ask.ts';
import type { MediaSocket, Value } from './ask.ts';
import { NoWebRtc, RtcTransport } from './rtcTransport.ts';

/** WebRTC that did not pass is tried again after so long, then after twice as long, and so on. In ms. */
const FIRST_AGAIN_MS = 60_000;
const LAST_AGAIN_MS = 960_000;

interface Current {
  transport: RtcTransport | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Tries now and then, and whenever the browser is on line again, whether WebRTC passes by now, while films carry the
 * pictures: a transport with one paused picture, which nobody sees.
 */
export class RtcTrial {
  readonly #anyCamera: () => string | null;
  readonly #passed: (transport: RtcTransport) => void;
  readonly #online = (): void => this.#now?.();
  #now: (() => void) | null = null;
  #current: Current | null = null;
  #delay = FIRST_AGAIN_MS;

  /** @param passed takes over a transport that has connected */
  constructor(anyCamera: () => string | null, passed: (transport: RtcTransport) => void) {
    this.#anyCamera = anyCamera;
    this.#passed = passed;
    window.addEventListener('online', this.#online);
  }

  /** Tries in a while, and on until it passes or is stopped. */
  await(socket: MediaSocket, hello: Value<'hello'>): void {
    this.stop();
    const current: Current = { transport: null, timer: undefined };
    this.#current = current;
    const again = (): void => {
      if (this.#current !== current) return;
      current.timer = setTimeout(() => this.#now?.(), this.#delay);
      this.#delay = Math.min(LAST_AGAIN_MS, this.#delay * 2);
    };
    this.#now = () => {
      if (current.transport) return;
      clearTimeout(current.timer);
      this.#try(socket, hello, current).then(
        (begun) => {
          if (!begun) again();
        },
        (problem: unknown) => {
          // A browser without WebRTC gets none by waiting.
          if (!(problem instanceof NoWebRtc)) again();
        },
      );
    };
    again();
  }

  /** Idempotent. */
  stop(): void {
    const current = this.#current;
    this.#current = null;
    this.#now = null;
    clearTimeout(current?.timer);
    current?.transport?.close();
  }

  close(): void {
    this.stop();
    window.removeEventListener('online', this.#online);
  }

  /** @returns false when there is nothing to try it with */
  async #try(socket: MediaSocket, hello: Value<'hello'>, current: Current): Promise<boolean> {
    const camera = this.#anyCamera();
    if (camera === null) return false;
    const transport = await RtcTransport.open(socket, hello, {
      connected: () => {
        if (this.#current !== current) return;
        current.transport = null;
        this.#delay = FIRST_AGAIN_MS;
        this.#passed(transport);
      },
      lost: () => {
        current.transport = null;
        if (this.#current === current) this.await(socket, hello);
      },
    });
    if (this.#current !== current) {
      transport.close();
      return true;
    }
    current.transport = transport;
    try {
      await this.#receive(socket, transport, camera);
    } catch (error) {
      current.transport = null;
      transport.close();
      throw error;
    }
    return true;
  }

  /** One paused picture: without any, a transport does not connect. It ends with its own track. */
  async #receive(socket: MediaSocket, { rtc }: RtcTransport, camera: string): Promise<void> {
    const { transport, capabilities } = rtc;
    const request = { camera, transportId: transport.id, rtpCapabilities: capabilities };
    const { warm, ...offer } = await ask(socket, 'watch', { ...request, quality: 'sub' });
    const held = [offer.consumerId, ...(warm ? [warm.consumerId] : [])];
    const release = (): void => {
      for (const consumerId of held) socket.emit('unwatch', { consumerId }, () => undefined);
    };
    const consumer = await transport.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: offer.kind,
      rtpParameters: offer.rtpParameters as unknown as types.RtpParameters,
    });
    transport.on('connectionstatechange', (state) => {
      if (state !== 'connected') return;
      consumer.close();
      release();
    });
  }
}
