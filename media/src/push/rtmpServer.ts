import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { SchedulerLike } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import type { Pushes, Pushing } from './pushes.ts';
import { RtmpSession } from './rtmpSession.ts';

interface RtmpOptions {
  host: string;
  /** undefined: nothing is listened to. */
  port: number | undefined;
  pushes: Pushes;
  scheduler: SchedulerLike;
  log: Log;
}

/** Whoever has not named a good key after so long is sent away, and who sends nothing for so long. In ms. */
const NAMED_WITHIN_MS = 10_000;
const SILENT_MS = 10_000;
const MOST_CONNECTIONS = 512;

/** Takes streams that encoders push by RTMP: rtmp://host:port/live with the stream key. Off without a port. */
export class RtmpServer {
  readonly name = 'rtmp';
  readonly #options: RtmpOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: RtmpOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws Error when the address cannot be had, naming it */
  async start(): Promise<void> {
    const { host, port, log } = this.#options;
    if (port === undefined) return;
    this.#server.listen(port, host);
    await once(this.#server, 'listening').catch((problem: unknown) => {
      throw new Error(`cannot listen on ${host}:${port} (media.rtmpHost, media.rtmpPort)`, {
        cause: problem,
      });
    });
    log.info({ host, port }, 'listening for RTMP');
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
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
