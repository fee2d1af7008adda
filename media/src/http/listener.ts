import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';

/** The HTTP server as a module; socket.io and the routes hang on `server`. */
export class Listener {
  readonly name = 'http';
  readonly server: Server = createServer();
  readonly #host: string;
  readonly #port: number;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  /** @throws Error when the address cannot be had, naming it */
  async start(): Promise<void> {
    this.server.listen(this.#port, this.#host);
    await once(this.server, 'listening').catch((problem: unknown) => {
      throw new Error(`cannot listen on ${this.#host}:${this.#port}`, { cause: problem });
    });
  }

  /** http://host:port as it came to be. */
  get url(): string {
    const address = this.server.address();
    const port = typeof address === 'object' && address ? address.port : this.#port;
    const host = this.#host.includes(':') ? `[${this.#host}]` : this.#host;
    return `http://${host}:${port}`;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
