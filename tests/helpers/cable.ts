import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network on the way to a TCP server, which can be cut: no byte passes then, and nobody is told. */
export interface Cable {
  /** The address with the cable's port instead of the server's. */
  url: string;
  cut(): void;
  /** What was held back goes on. */
  mend(): void;
  close(): Promise<void>;
}

/** Lays a cable to the server of an address. */
export async function layCable(address: string): Promise<Cable> {
  const to = new URL(address);
  const sockets = new Set<Socket>();
  let isCut = false;
  const follow = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname);
    follow(near);
    follow(far);
    const carry = (from: Socket, into: Socket): void => {
      from.on('data', (bytes) => into.write(bytes));
      from.on('close', () => into.destroy());
      if (isCut) from.pause();
    };
    carry(near, far);
    carry(far, near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(address);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
