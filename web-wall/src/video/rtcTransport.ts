import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';
import { ask } from './ask.ts';
import type { MediaSocket, Value } from './ask.ts';
import type { Rtc } from './rtcPicture.ts';

/** WebRTC that has not connected within this does not pass. In ms. */
const CONNECT_WITHIN_MS = 6_000;

export interface RtcHandlers {
  connected: () => void;
  /** It does not pass (it never connected), or it broke. Told once. */
  lost: (passed: boolean) => void;
}

/** This browser cannot do it at all. */
export class NoWebRtc extends Error {
  override name = 'NoWebRtc';
}

/** One receiving transport to the media host. It begins to connect with the first picture that is asked for. */
export class RtcTransport {
  readonly rtc: Rtc;
  readonly #socket: MediaSocket;
  readonly #handlers: RtcHandlers;
  #passed = false;
  #closed = false;
  #limit: ReturnType<typeof setTimeout> | undefined;

  private constructor(socket: MediaSocket, rtc: Rtc, handlers: RtcHandlers) {
    this.#socket = socket;
    this.rtc = rtc;
    this.#handlers = handlers;
    this.#wire(rtc.transport);
  }

  /**
   * @param hello what the media host answered
   * @throws NoWebRtc; MediaRefusal; Error when the host does not answer
   */
  static async open(
    socket: MediaSocket,
    { rtpCapabilities, iceServers, relayOnly }: Value<'hello'>,
    handlers: RtcHandlers,
  ): Promise<RtcTransport> {
    const device = await RtcTransport.#device(rtpCapabilities);
    const options = await ask(socket, 'createTransport', {});
    const transport = device.createRecvTransport({
      ...(options as unknown as types.TransportOptions),
      iceServers: iceServers ?? [],
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    });
    return new RtcTransport(socket, { capabilities: device.recvRtpCapabilities, transport }, handlers);
  }

  static async #device(routerRtpCapabilities: types.RtpCapabilities): Promise<Device> {
    try {
      const device = await Device.factory();
      await device.load({ routerRtpCapabilities });
      return device;
    } catch (error) {
      throw new NoWebRtc('this browser has no WebRTC', { cause: error });
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#limit);
    const { transport } = this.rtc;
    transport.close();
    if (this.#socket.connected)
      this.#socket.emit('closeTransport', { transportId: transport.id }, () => undefined);
  }

  #wire(transport: types.Transport): void {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      // With the first picture. Where no candidate is heard of, no state ever changes.
      this.#limit ??= setTimeout(() => this.#lose(), CONNECT_WITHIN_MS);
      const request = {
        transportId: transport.id,
        dtlsParameters: dtlsParameters as unknown as Record<string, unknown>,
      };
      ask(this.#socket, 'connectTransport', request).then(done, failed);
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') {
        clearTimeout(this.#limit);
        this.#passed = true;
        this.#handlers.connected();
      }
      if (state === 'failed') this.#lose();
    });
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#handlers.lost(this.#passed);
  }
}
