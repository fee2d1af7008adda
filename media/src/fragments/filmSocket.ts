import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

let lastNumber = 0;

/** The private folder of this process in which ffmpeg finds the sockets for its films. */
export class FilmFolder {
  readonly name = 'films';
  #folder: string | undefined;

  /** A name that fits into a socket's address, which holds some hundred bytes: not in the data folder. */
  async start(): Promise<void> {
    this.#folder = await mkdtemp(path.join(tmpdir(), 'mj-film-'));
  }

  async stop(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  /**
   * Waits at a new address for one ffmpeg, which sends its film there.
   * @throws Error before start, after stop, or with what the system says
   */
  async open(hooks: FilmHooks): Promise<FilmSocket> {
    if (this.#folder === undefined) throw new Error('the folder for films is not open');
    lastNumber += 1;
    return FilmSocket.open(path.join(this.#folder, String(lastNumber)), hooks);
  }
}

export interface FilmHooks {
  onBytes: (bytes: Buffer) => void;
  onProblem: (problem: Error) => void;
}

/** Where one ffmpeg writes its film. A socket, not a pipe: its standard output brings the stills. */
export class FilmSocket {
  readonly address: string;
  readonly #server: Server;
  #socket: Socket | undefined;

  private constructor(address: string, server: Server, { onBytes, onProblem }: FilmHooks) {
    this.address = address;
    this.#server = server;
    server.on('error', onProblem);
    server.once('connection', (socket) => {
      this.#socket = socket;
      socket.on('data', onBytes);
      socket.on('error', onProblem);
      server.close();
    });
  }

  static async open(address: string, hooks: FilmHooks): Promise<FilmSocket> {
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    server.once('error', reject);
    server.listen(address, () => resolve(undefined));
    await promise;
    server.off('error', reject);
    return new FilmSocket(address, server, hooks);
  }

  /** Idempotent. Nothing is read any more: an ffmpeg that still writes ends. */
  close(): void {
    this.#socket?.destroy();
    if (this.#server.listening) this.#server.close();
  }
}
