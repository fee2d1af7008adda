import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import type { MediaClientEvents, MediaServerEvents } from '@mingjing/contracts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import {
  answering,
  connectTransportSchema,
  consumerSchema,
  createTransportSchema,
  filmSchema,
  ticketRequestSchema,
  transportSchema,
  unwatchSchema,
  watchSchema,
} from './requests.ts';
import { presetsRequestSchema, ptzRequestSchema } from '@mingjing/contracts';
import { Helm } from '../onvif/helm.ts';
import type { Steering } from '../onvif/steering.ts';
import { Films } from './films.ts';
import { Viewer } from './viewer.ts';
import type { ViewerTools } from './viewer.ts';

type MediaServer = Server<MediaClientEvents, MediaServerEvents>;
type MediaSocket = Socket<MediaClientEvents, MediaServerEvents>;

interface SignallingOptions {
  http: HttpServer;
  origins: readonly string[];
  tools: ViewerTools & { steering: Steering };
  log: Log;
}

/** The largest request a client may send: its capabilities are a few kilobytes. */
const LARGEST_REQUEST = 64 * 1024;

/** The viewers' side: socket.io at /sfu, one Viewer per socket. */
export class Signalling {
  readonly name = 'signalling';
  readonly #options: SignallingOptions;
  #server: MediaServer | undefined;

  constructor(options: SignallingOptions) {
    this.#options = options;
  }

  start(): void {
    const { http, origins } = this.#options;
    const server: MediaServer = new Server(http, {
      path: '/sfu',
      serveClient: false,
      maxHttpBufferSize: LARGEST_REQUEST,
      cors: { origin: [...origins] },
      // CORS does not hold for WebSockets: a page of another origin is refused here. Programs send none.
      allowRequest: ({ headers: { origin } }, decide) => {
        const known = origin === undefined || origins.includes(origin);
        decide(known ? null : `origin ${origin} is not allowed`, known);
      },
    });
    server.on('connection', (socket) => this.#accept(socket));
    this.#server = server;
  }

  async stop(): Promise<void> {
    // Ends the sockets, and the HTTP server that they share.
    await this.#server?.close();
  }

  #accept(socket: MediaSocket): void {
    const { tools, log } = this.#options;
    const viewer = new Viewer(tools, {
      emit: (event, ...data) => void socket.emit(event, ...data),
      // The engine's end, unlike the socket's, makes socket.io clients connect again by themselves.
      reconnect: () => socket.conn.close(),
      dismiss: () => void socket.disconnect(true),
    });
    const report = (problem: unknown) => log.error({ problem: messageOf(problem) }, 'a request failed');
    socket.on('disconnect', () => viewer.close());
    this.#steer(socket, viewer, report);
    this.#watch(socket, viewer, report);
    socket.on(
      'hello',
      answering(ticketRequestSchema, ({ ticket }) => viewer.hello(ticket), report),
    );
    socket.on(
      'renew',
      answering(ticketRequestSchema, ({ ticket }) => viewer.renew(ticket), report),
    );
    socket.on(
      'createTransport',
      answering(createTransportSchema, () => viewer.createTransport(), report),
    );
    socket.on(
      'connectTransport',
      answering(
        connectTransportSchema,
        (request) => viewer.connectTransport(request.transportId, request.dtlsParameters),
        report,
      ),
    );
    socket.on(
      'closeTransport',
      answering(transportSchema, ({ transportId }) => viewer.closeTransport(transportId), report),
    );
  }

  #watch(socket: MediaSocket, viewer: Viewer, report: (problem: unknown) => void): void {
    const { streams, viewings } = this.#options.tools;
    const films = new Films({
      streamOf: (camera, quality) => streams.of(camera, quality),
      permitted: (camera) => viewer.permitted(camera),
      viewings,
      emit: (event, ...data) => void socket.emit(event, ...data),
    });
    socket.on('disconnect', () => films.close());
    socket.on(
      'film',
      answering(filmSchema, (request) => films.film(request), report),
    );
    socket.on(
      'watch',
      answering(watchSchema, (request) => viewer.watch(request), report),
    );
    socket.on(
      'resume',
      answering(consumerSchema, ({ consumerId }) => viewer.resume(consumerId), report),
    );
    socket.on(
      'pause',
      answering(consumerSchema, ({ consumerId }) => viewer.pause(consumerId), report),
    );
    socket.on(
      'unwatch',
      answering(
        unwatchSchema,
        (request) => {
          if ('film' in request) return films.unfilm(request.film);
          if ('camera' in request) films.unfilmCamera(request.camera);
          return viewer.unwatch(request);
        },
        report,
      ),
    );
  }

  #steer(socket: MediaSocket, viewer: Viewer, report: (problem: unknown) => void): void {
    const { steering } = this.#options.tools;
    const helm = new Helm(steering, viewer, (event) => void socket.emit('ptz', event));
    socket.on('disconnect', () => helm.close());
    socket.on(
      'ptz',
      answering(ptzRequestSchema, ({ camera, command }) => helm.steer(camera, command), report),
    );
    socket.on(
      'presets',
      answering(presetsRequestSchema, ({ camera }) => helm.presets(camera), report),
    );
  }
}
