import { createServer, type Server, type Socket } from 'node:net';
import { FLV_HEAD, pictureIn, videoTag } from './flv.ts';

/** What is kept of a group of pictures for who begins to read inside it, and what a reader may be behind. In bytes. */
const MOST_KEPT = 16 * 1024 * 1024;
const MOST_BEHIND = 16 * 1024 * 1024;

/**
 * One stream as it is pushed: every ffmpeg that connects to its local socket gets it as FLV, from the last key frame
 * on. Sound is left out.
 */
export class Publication {
  /** Of the local socket. */
  readonly address: string;
  readonly #server: Server;
  readonly #readers = new Set<Socket>();
  #parameters: Buffer | undefined;
  /** Since the last key frame; none before the first, or when it became too much. */
  #group: Buffer[] = [];
  #bytes = 0;

  private constructor(address: string, server: Server) {
    this.address = address;
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** @throws Error with what the system says */
  static async open(address: string): Promise<Publication> {
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    server.once('error', reject);
    server.listen(address, () => resolve(undefined));
    await promise;
    server.off('error', reject);
    return new Publication(address, server);
  }

  /** Whether ffmpeg would find anything. */
  get hasPicture(): boolean {
    return this.#group.length > 0;
  }

  /** A picture as FLV and RTMP carry it. @param time ms */
  push(body: Buffer, time: number): void {
    const picture = pictureIn(body);
    if (picture === 'nothing') return;
    const tag = videoTag(body, time);
    if (picture === 'parameters') {
      this.#take(tag, body);
      return;
    }
    if (picture === 'key') this.#forget();
    const isWhole = picture === 'key' || this.#group.length > 0;
    if (isWhole) this.#keep(tag);
    for (const reader of this.#readers) this.#send(reader, tag);
  }

  /** Idempotent. Whoever reads is at the end. */
  close(): void {
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
    if (this.#server.listening) this.#server.close();
  }

  #take(tag: Buffer, body: Buffer): void {
    const before = this.#parameters;
    this.#parameters = tag;
    // The same again (at another time) is no change; another size or codec is another film.
    if (!before || before.includes(body)) return;
    this.#forget();
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  #serve(socket: Socket): void {
    socket.on('error', () => this.#readers.delete(socket));
    socket.on('close', () => this.#readers.delete(socket));
    this.#readers.add(socket);
    for (const tag of [FLV_HEAD, ...(this.#parameters ? [this.#parameters] : []), ...this.#group])
      this.#send(socket, tag);
  }

  #send(reader: Socket, tag: Buffer): void {
    reader.write(tag);
    // One that does not read hangs: it is let go, and seen to by the stream's watchdog.
    if (reader.writableLength > MOST_BEHIND) reader.destroy();
  }

  #keep(tag: Buffer): void {
    this.#bytes += tag.length;
    if (this.#bytes > MOST_KEPT) this.#forget();
    else this.#group.push(tag);
  }

  #forget(): void {
    this.#group = [];
    this.#bytes = 0;
  }
}
