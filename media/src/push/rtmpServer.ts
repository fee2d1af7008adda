import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SchedulerLike } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Pushes, Pushing } from './pushes.ts';
import { RtmpSession } from './rtmpSession.ts';

interface RtmpOptions {
  host: string;
  /** undefined: nothing is listened to. */
  port: number | undefined;
  /** RTMPS: with this certificate (PEM, with those that lead to a known one) and its key; undefined: as it is. */
  tls?: { certFile: string; keyFile: string } | undefined;
  pushes: Pushes;
  scheduler: SchedulerLike;
  log: Log;
}

/** Whoever has not named a good key after so long is sent away, and who sends nothing for so long. In ms. */
const NAMED_WITHIN_MS = 10_000;
const SILENT_MS = 10_000;
const MOST_CONNECTIONS = 512;

/** Takes streams that encoders push by RTMP or RTMPS: rtmp://host:port/live with the stream key. Off without a port. */
export class RtmpServer {
  readonly name: 'rtmp' | 'rtmps';
  readonly #options: RtmpOptions;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(options: RtmpOptions) {
    this.#options = options;
    this.name = options.tls ? 'rtmps' : 'rtmp';
  }

  /** @throws Error when the address or the certificate cannot be had, naming it */
  async start(): Promise<void> {
    const { host, port, log } = this.#options;
    if (port === undefined) return;
    const server = await this.#create();
    server.maxConnections = MOST_CONNECTIONS;
    server.listen(port, host);
    await once(server, 'listening').catch((problem: unknown) => {
      throw new Error(`cannot listen on ${host}:${port} (media.rtmpHost, media.${this.name}Port)`, {
        cause: problem,
      });
    });
    this.#server = server;
    log.info({ host, port }, `listening for ${this.name.toUpperCase()}`);
  }

  async stop(): Promise<void> {
    if (!this.#server?.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #create(): Promise<Server> {
    const { tls, log } = this.#options;
    const serve = (socket: Socket): void => this.#serve(socket);
    if (!tls) return createServer(serve);
    const read = (key: string, file: string) =>
      readFile(file).catch((problem: unknown) => {
        throw new Error(`media.${key}: ${messageOf(problem)}; expected a PEM file`);
      });
    const [cert, key] = [await read('rtmpsCertFile', tls.certFile), await read('rtmpsKeyFile', tls.keyFile)];
    try {
      return createTlsServer({ cert, key }, serve).on('tlsClientError', (problem, socket) =>
        log.info({ from: socket.remoteAddress, why: problem.message }, 'an RTMPS connection was refused'),
      );
    } catch (problem) {
      throw new Error(
        `media.rtmpsCertFile, media.rtmpsKeyFile: ${messageOf(problem)}; expected a certificate and its key`,
        { cause: problem },
      );
    }
  }

  #serve(socket: Socket): void {
    const { pushes, scheduler, log } = this.#options;
    const from = socket.remoteAddress;
    this.#sockets.add(socket);
    let pushing: Pushing | undefined;
    let isOver = false;
    const end = (why: string): void => {
      if (isOver) return;
      isOver = true;
      log.info({ from, camera: pushing?.camera, why }, 'an RTMP connection ended');
      pushing?.close();
      // What was said last still goes out.
      socket.end(() => socket.destroy());
    };
    const session = new RtmpSession({
      send: (bytes) => void socket.write(bytes),
      onPicture: (body, time) => pushing?.push(body, time),
      onEnd: end,
      onPublish: async (key) => {
        pushing = await pushes.begin({ protocol: 'rtmp', key, end });
        // The connection may have ended meanwhile.
        if (isOver) pushing?.close();
        return pushing !== undefined;
      },
    });
    const late = scheduler.schedule(() => {
      if (!session.isPublishing) end('no stream key in time');
    }, NAMED_WITHIN_MS);
    socket.setTimeout(SILENT_MS, () => end('nothing was sent for a while'));
    socket.on('data', (bytes) => {
      if (isOver) return;
      try {
        session.push(bytes);
      } catch (problem) {
        end(messageOf(problem));
      }
    });
    socket.on('error', (problem) => end(messageOf(problem)));
    socket.on('close', () => {
      late.unsubscribe();
      this.#sockets.delete(socket);
      end('the connection ended');
    });
  }
}
