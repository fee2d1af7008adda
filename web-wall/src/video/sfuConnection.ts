import type { MediaServerEvents, MediaTicket, StreamStatus } from '@mingjing/contracts';
import { io } from 'socket.io-client';
import { ask } from './ask.ts';
import type { MediaSocket, Value } from './ask.ts';
import type { FilmTakers } from './filmPicture.ts';
import { messageOf } from './picture.ts';
import { retryDelay } from './retryDelay.ts';
import type { Rtc } from './rtcPicture.ts';
import { NoWebRtc, RtcTransport } from './rtcTransport.ts';
import { RtcTrial } from './rtcTrial.ts';

/** A connection that is ready to carry pictures. It ends as a whole: nothing of it is used afterwards. */
export interface SfuSession {
  socket: MediaSocket;
  /** Null where WebRTC does not pass: pictures come as films. */
  rtc: Rtc | null;
  films: FilmTakers;
}

export interface SfuHandlers {
  /** A fresh session, or null when there is none, with the reason and the next attempt. */
  session: (session: SfuSession | null, reason: string | null, retryAt: number | null) => void;
  stream: (status: StreamStatus) => void;
  gone: (pictureId: string, camera: string) => void;
  ptz: MediaServerEvents['ptz'];
  /** A camera with which WebRTC can be tried out. */
  anyCamera: () => string | null;
}

/** Keeps one connection to the media host, by WebRTC where that passes, and makes a new one whenever it breaks. */
export class SfuConnection {
  readonly #ticket: () => Promise<MediaTicket>;
  readonly #handlers: SfuHandlers;
  readonly #films: FilmTakers = new Map();
  readonly #trial: RtcTrial;
  #socket: MediaSocket | null = null;
  #transport: RtcTransport | null = null;
  /** What the media host answered to the last hello. */
  #hello: Value<'hello'> | null = null;
  /** WebRTC was tried in vain; films carry the pictures until a trial passes. */
  #blocked = false;
  /** Numbers the sessions: whatever was awaited for an older one is dropped. */
  #number = 0;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(ticket: () => Promise<MediaTicket>, handlers: SfuHandlers) {
    this.#ticket = ticket;
    this.#handlers = handlers;
    this.#trial = new RtcTrial(handlers.anyCamera, (transport) => this.#adopt(transport));
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
    this.#trial.close();
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
    socket.on('filmInit', (init) => this.#films.get(init.film)?.init(init));
    socket.on('filmFragment', (fragment, taken) => {
      taken();
      this.#films.get(fragment.film)?.fragment(fragment);
    });
  }

  async #begin(socket: MediaSocket): Promise<void> {
    this.#end();
    const number = this.#number;
    try {
      const { ticket } = await this.#ticket();
      const hello = await ask(socket, 'hello', { ticket });
      if (number !== this.#number) return;
      this.#hello = hello;
      const transport = this.#blocked ? null : await this.#open(socket, hello, number);
      if (number !== this.#number) {
        transport?.close();
        return;
      }
      this.#attempt = 0;
      this.#start(socket, transport);
    } catch (error) {
      if (number === this.#number) this.#again(messageOf(error), () => void this.#begin(socket));
    }
  }

  #start(socket: MediaSocket, transport: RtcTransport | null): void {
    this.#transport = transport;
    if (!transport && this.#hello) this.#trial.await(socket, this.#hello);
    this.#handlers.session({ socket, rtc: transport?.rtc ?? null, films: this.#films }, null, null);
  }

  /** @returns null when this browser cannot do it */
  async #open(socket: MediaSocket, hello: Value<'hello'>, number: number): Promise<RtcTransport | null> {
    try {
      return await RtcTransport.open(socket, hello, {
        connected: () => undefined,
        lost: (passed) => {
          if (number !== this.#number) return;
          if (passed) this.#again('the media connection failed', () => void this.#begin(socket));
          else this.#fallBack(socket);
        },
      });
    } catch (error) {
      if (error instanceof NoWebRtc) return null;
      throw error;
    }
  }

  #fallBack(socket: MediaSocket): void {
    this.#blocked = true;
    this.#end();
    this.#start(socket, null);
  }

  /** A trial has passed: the pictures go over to it. */
  #adopt(transport: RtcTransport): void {
    const socket = this.#socket;
    if (!socket?.connected || this.#closed) {
      transport.close();
      return;
    }
    this.#blocked = false;
    this.#end();
    this.#start(socket, transport);
  }

  #lost(reason: string): void {
    this.#end();
    this.#handlers.session(null, reason, null);
  }

  /** Ends the session at hand, and whatever is still being awaited for it. */
  #end(): void {
    clearTimeout(this.#retry);
    this.#number += 1;
    this.#trial.stop();
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
