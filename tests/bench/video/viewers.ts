import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds } from './cpu.ts';
import type { ViewerAnswer, ViewerRequest } from './lightViewers.ts';
import type { Offer, VideoServer } from './server.ts';

type Body = ViewerRequest extends infer R ? (R extends { n: number } ? Omit<R, 'n'> : never) : never;

/** What forwarding cost. */
export interface Forwarding {
  viewers: number;
  mbit: number;
  /** CPU time of the server per forwarded Mbit, in ms. */
  cpuMsPerMbit: number;
}

/** Light viewers, in a process of their own. */
export class Viewers {
  readonly #process;
  readonly #waiting = new Map<number, (answer: ViewerAnswer) => void>();
  #last = 0;

  /** @param address at which they receive */
  constructor(address: string) {
    this.#process = fork(path.join(import.meta.dirname, 'lightViewers.ts'), {
      env: { ...process.env, VIEWER_ADDRESS: address },
    });
    this.#process.on('message', (answer: ViewerAnswer) => {
      this.#waiting.get(answer.n)?.(answer);
      this.#waiting.delete(answer.n);
    });
  }

  /** Lets so many viewers watch for so long, and meters the server meanwhile. */
  async measure(server: VideoServer, viewers: number, seconds: number): Promise<Forwarding> {
    const offers: Offer[] = [];
    for (let index = 0; index < viewers; index += 1) {
      const offer = await server.offer();
      offers.push(offer);
      const { sdp } = await this.#ask({ op: 'answer', id: String(index), sdp: offer.sdp });
      await offer.answer(sdp ?? '');
    }
    // Everybody has its key frame by then.
    await sleep(5000);
    await this.#ask({ op: 'count' });
    const before = cpuSeconds(server.pids());
    await sleep(seconds * 1000);
    const cpu = cpuSeconds(server.pids()) - before;
    const { bytes = 0, receiving = 0 } = await this.#ask({ op: 'count' });
    await this.#ask({ op: 'close' });
    for (const offer of offers) await offer.close();
    await sleep(1000);
    if (receiving < viewers)
      throw new Error(`${server.name}: only ${receiving} of ${viewers} viewers received`);
    const mbit = (bytes * 8) / 1e6;
    return { viewers, mbit, cpuMsPerMbit: (cpu * 1000) / mbit };
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }

  #ask(body: Body): Promise<ViewerAnswer> {
    this.#last += 1;
    const n = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, (answer) =>
        answer.problem === undefined ? resolve(answer) : reject(new Error(answer.problem)),
      );
      this.#process.send({ n, ...body });
    });
  }
}
