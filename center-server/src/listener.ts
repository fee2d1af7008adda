import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Opens a port. @param port 0 takes a free one
 * @throws Error that names the address when it is taken or may not be opened
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const what = error.code === 'EADDRINUSE' ? 'is already taken by another program' : error.message;
      reject(new Error(`centre.port: ${host}:${port} ${what}; set another with MINGJING_CENTRE_PORT`));
    });
    server.listen(port, host, resolve);
  });
  const { address, port: actual, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}

/** An HTTP server with limits for slow clients; the app is attached later. */
export function newHttpServer(): Server {
  const server = createServer();
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;
  return server;
}

/** Stops taking connections and ends those that linger. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
