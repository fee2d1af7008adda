import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { startChild, type Child, type Ending } from '../runtime/process/child.ts';

/** A process that is to run as long as the centre runs. */
export interface Service {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** It may end by itself with code 0 when its work is done. */
  mayFinish?: boolean;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** A process that has run so long is taken to be sound: the next wait is short again. */
const SOUND_AFTER_MS = 60_000;

interface Kept {
  service: Service;
  log: WriteStream;
  child: Child;
  restart?: NodeJS.Timeout;
}

function described({ code, signal }: Ending): string {
  return signal === null ? `code ${code}` : signal;
}

/** Keeps processes running: logs to files, restarts with back-off, stops in reverse order. */
export class Supervisor {
  private readonly logs: string;
  private readonly say: (message: string) => void;
  private readonly kept: Kept[] = [];
  private stopping = false;

  constructor(logs: string, say: (message: string) => void) {
    mkdirSync(logs, { recursive: true });
    this.logs = logs;
    this.say = say;
  }

  /**
   * Starts a service, and again whenever it ends by itself.
   * @returns its address when it says that it listens (at once for one that mayFinish)
   * @throws Error with its own message when the first start fails
   */
  async start(service: Service): Promise<string> {
    const log = createWriteStream(path.join(this.logs, `${service.name}.log`), { flags: 'a', mode: 0o600 });
    log.on('error', (error) => this.say(`the log of ${service.name} cannot be written: ${error.message}`));
    const kept: Kept = { service, log, child: this.launch(service, log) };
    this.kept.push(kept);
    const url = service.mayFinish ? '' : await kept.child.listening.catch(() => this.failed(kept));
    this.watch(kept, FIRST_WAIT_MS);
    return url;
  }

  /** One line that says why a service did not start. */
  private async failed({ service, child }: Kept): Promise<never> {
    const ending = described(await child.ended);
    const lines = child.log().split('\n');
    const own =
      lines.findLast((line) => line.startsWith(`${service.name}: `)) ??
      lines.find((line) => /Error/.test(line));
    const why = (own ?? lines.at(-1) ?? '').replace(`${service.name}: `, '');
    throw new Error(
      `${service.name} did not start (${ending}): ${why}; see ${this.logs}/${service.name}.log`,
    );
  }

  private launch(service: Service, log: WriteStream): Child {
    log.write(`--- ${new Date().toISOString()} ${service.name} starts\n`);
    return startChild({ ...service, onLine: (line) => log.write(`${line}\n`) });
  }

  private watch(kept: Kept, wait: number): void {
    const { service } = kept;
    const started = performance.now();
    void kept.child.ended.then((ending) => {
      kept.log.write(`--- ${new Date().toISOString()} ${service.name} ended with ${described(ending)}\n`);
      if (this.stopping) return;
      if (service.mayFinish && ending.code === 0) {
        this.say(`${service.name} has finished`);
        return;
      }
      const pause = performance.now() - started > SOUND_AFTER_MS ? FIRST_WAIT_MS : wait;
      this.say(`${service.name} ended with ${described(ending)}; starting it again in ${pause / 1000} s`);
      kept.restart = setTimeout(() => this.relaunch(kept, Math.min(pause * 2, LONGEST_WAIT_MS)), pause);
    });
  }

  private relaunch(kept: Kept, nextWait: number): void {
    kept.child = this.launch(kept.service, kept.log);
    this.watch(kept, nextWait);
    kept.child.listening.then(
      () => this.say(`${kept.service.name} runs again`),
      () => undefined, // its end is told by watch()
    );
  }

  /** Stops everything, the last started first. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const kept of this.kept.reverse()) {
      clearTimeout(kept.restart);
      await kept.child.stop();
      kept.log.end();
    }
    this.kept.length = 0;
  }
}
