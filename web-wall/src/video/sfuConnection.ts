import type { MediaServerEvents, MediaTicket, StreamStatus } from '@mingjing/contracts';
import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';
import { io } from 'socket.io-client';
import { ask } from './ask.ts';
import type { MediaSocket } from './ask.ts';
import { retryDelay } from './retryDelay.ts';

/** A connection that is ready to carry pictures. It ends as a whole: nothing of it is used afterwards. */
export interface SfuSession {
  socket: MediaSocket;
  capabilities: types.RtpCapabilities;
  transport: types.Transport;
}

export interface SfuHandlers {
  /** A fresh session, or null when there is none, with the reason and the next attempt. */
  session: (session: SfuSession | null, reason: string | null, retryAt: number | null) => void;
  stream: (status: StreamStatus) => void;
  gone: (consumerId: string, camera: string) => void;
  ptz: MediaServerEvents['ptz'];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Keeps one receiving transport to the media host, and makes a new one whenever the old one breaks. */
export class SfuConnection {
  readonly #ticket: () => Promise<MediaTicket>;
  readonly #handlers: SfuHandlers;
  #socket: MediaSocket | null = null;
  #transport: types.Transport | null = null;
  /** Numbers the sessions: whatever was awaited for an older one is dropped. */
  #number = 0;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(ticket: () => Promise<MediaTicket>, handlers: SfuHandlers) {
    this.#ticket = ticket;
    this.#handlers = handlers;
  }

  async open(): Promise<void> {
    try {
      const { url } = await this.#ticket();
      if (!this.#closed) this.#connect(url);
    } catch (error) {
      this.#again(messageOf(error), () => void this.open());
    }
  }

  /** Hands over a newer ticket. @throws MediaRefusal when the host does not take it */
  async renew(ticket: string): Promise<void> {
    if (this.#socket?.connected) await ask(this.#socket, 'renew', { ticket });
  }

  close(): void {
    this.#closed = true;
    this.#end();
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
  }

  #connect(url: string): void {
    const socket: MediaSocket = io(url, {
      path: '/sfu',
      transports: ['websocket'],
      reconnectionDelayMax: 5_000,
    });
    this.#socket = socket;
    socket.on('connect', () => void this.#begin(socket));
    socket.on('connect_error', (error) => {
      this.#lost(error.message);
    });
    socket.on('disconnect', (reason) => {
      this.#lost(reason);
      if (!socket.active) this.#again(reason, () => socket.connect());
    });
    socket.on('stream', (status) => {
      this.#handlers.stream(status);
    });
    socket.on('ptz', (event) => {
      this.#handlers.ptz(event);
    });
    socket.on('gone', ({ consumerId, camera }) => {
      this.#handlers.gone(consumerId, camera);
    });
  }

  async #begin(socket: MediaSocket): Promise<void> {
    this.#end();
    const number = this.#number;
    try {
      const { ticket } = await this.#ticket();
      const { rtpCapabilities } = await ask(socket, 'hello', { ticket });
      const device = await Device.factory();
      await device.load({ routerRtpCapabilities: rtpCapabilities });
      const options = await ask(socket, 'createTransport', {});
      if (number !== this.#number) return;
      const transport = device.createRecvTransport(options as unknown as types.TransportOptions);
      this.#transport = transport;
      this.#wire(socket, transport);
      this.#attempt = 0;
      this.#handlers.session({ socket, capabilities: device.recvRtpCapabilities, transport }, null, null);
    } catch (error) {
      if (number === this.#number) this.#again(messageOf(error), () => void this.#begin(socket));
    }
  }

  #wire(socket: MediaSocket, transport: types.Transport): void {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      const request = {
        transportId: transport.id,
        dtlsParameters: dtlsParameters as unknown as Record<string, unknown>,
      };
      ask(socket, 'connectTransport', request).then(done, failed);
    });
    transport.on('connectionstatechange', (state) => {
      if (state !== 'failed' || this.#transport !== transport) return;
      this.#again('the media connection failed', () => void this.#begin(socket));
    });
  }

  #lost(reason: string): void {
    this.#end();
    this.#handlers.session(null, reason, null);
  }

  /** Ends the session at hand, and whatever is still being awaited for it. */
  #end(): void {
    clearTimeout(this.#retry);
    this.#number += 1;
    this.#transport?.close();
    this.#transport = null;
  }

  #again(reason: string, action: () => void): void {
    this.#end();
    if (this.#closed) return;
    this.#attempt += 1;
    const delay = retryDelay(this.#attempt);
    this.#handlers.session(null, reason, Date.now() + delay);
    this.#retry = setTimeout(action, delay);
  }
}
