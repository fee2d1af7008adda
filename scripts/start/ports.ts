import net from 'node:net';

/** Whether something can listen there; the reason when not. */
export function portProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

/** A port that the centre's processes need. */
export interface NeededPort {
  /** Who needs it, and how to choose another. */
  what: string;
  host: string;
  port: number;
}

/** @throws Error naming the first port that is taken, and what to do */
export async function needPorts(ports: readonly NeededPort[]): Promise<void> {
  for (const { what, host, port } of ports) {
    const problem = await portProblem(host, port);
    if (problem === undefined) continue;
    const why =
      problem === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${problem})`;
    throw new Error(`port ${port} of ${host} ${why}; ${what}`);
  }
}
