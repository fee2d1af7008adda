import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@mingjing/contracts';

const MAIN = new URL('../collectors/src/main.ts', import.meta.url).pathname;
const LONG = 60_000;

/** A centre over real HTTP that deduplicates as the real one does, and can be out of order. */
class FakeCentre {
  readonly stored = new Map<string, CloudEvent>();
  requests = 0;
  up = true;
  readonly #server: Server;
  #wake = (): void => undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests += 1;
        if (this.up) response.end(this.#take(JSON.parse(Buffer.concat(chunks).toString()) as CloudEvent[]));
        else response.writeHead(503).end();
        this.#wake();
      });
    });
  }

  #take(events: CloudEvent[]): string {
    const results = events.map((event, index) => {
      const status = this.stored.has(event.id) ? 'duplicate' : 'stored';
      this.stored.set(event.id, event);
      return { index, id: event.id, status };
    });
    return JSON.stringify({ stored: 0, duplicate: 0, rejected: 0, results });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits for requests until a condition holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve).closeAllConnections());
  }
}

interface Running {
  url: string;
  process: ChildProcess;
  log: string[];
  /** Resolves with the code or signal. */
  ended: Promise<number | string | null>;
}

let folder: string;
let centre: FakeCentre;
let centreUrl: string;
let all: Running[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'collectors-'));
  centre = new FakeCentre();
  centreUrl = await centre.listen();
  all = [];
});
afterEach(async () => {
  for (const { process: child, ended } of all) {
    child.kill('SIGKILL');
    await ended;
  }
  await centre.close();
  rmSync(folder, { recursive: true });
});

/** Runs the collectors as the supervisor does. */
async function start(
  kinds: unknown[],
  options: { prefix?: string[]; env?: Record<string, string> } = {},
): Promise<Running> {
  const [command, ...args] = [...(options.prefix ?? []), process.execPath, MAIN];
  const env = {
    ...{
      PATH: process.env['PATH'],
      MINGJING_COLLECTORS_CENTRE_URL: centreUrl,
      MINGJING_COLLECTORS_TOKEN: 'token',
    },
    ...{
      MINGJING_COLLECTORS_OUTBOX_DIR: join(folder, 'outbox'),
      MINGJING_COLLECTORS_HEARTBEAT_SECONDS: '3600',
    },
    ...{ MINGJING_COLLECTORS_KINDS: JSON.stringify(kinds), ...options.env },
  };
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const log: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => log.push(line));
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    );
    void ended.then((how) => reject(new Error(`ended with ${how}: ${log.join('\n')}`)));
  });
  const running = { url, process: child, log, ended };
  all.push(running);
  return running;
}

const events = (from: number, count: number, note = ''): CloudEvent[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ specversion: '1.0' as const, id: `e${from + n}`, source: 'vendor', type: 'heartbeat' },
    ...{ time: '2026-11-22T09:41:07+08:00', data: { region: '130681', note } },
  }));
/** Posts to http-push. Returns the status; 0 when no answer came. */
async function post(url: string, batch: CloudEvent[]): Promise<number> {
  try {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(batch) })).status;
  } catch {
    // The process was killed: whatever it had not answered for is not counted as taken.
    return 0;
  }
}

const PUSH = [{ kind: 'http-push', port: 0 }];
const vendorIds = (): string[] =>
  [...centre.stored.values()].filter(({ source }) => source === 'vendor').map(({ id }) => id);

describe('the collectors', () => {
  it(
    'lose nothing that they took, killed again and again while the centre is away and while it is back',
    async () => {
      centre.up = false;
      const taken: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const running = await start(PUSH);
        let posted = round * 1000;
        const killAfter = 3 + round * 2;
        for (let n = 0; n < 20; n += 1, posted += 10) {
          const batch = events(posted, 10);
          if (n === killAfter) running.process.kill('SIGKILL');
          if ((await post(running.url, batch)) === 200) taken.push(...batch.map(({ id }) => id));
        }
        await running.ended;
        centre.up = round > 0;
      }
      expect(taken.length).toBeGreaterThanOrEqual(120);
      await start(PUSH);
      await centre.until(() => taken.every((id) => centre.stored.has(id)));
      expect(vendorIds()).toEqual(expect.arrayContaining(taken));
      const inOrder = vendorIds().map((id) => Number(id.slice(1)));
      expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    },
    LONG,
  );

  it(
    'read a file to its end across a kill, each event under one id',
    async () => {
      const trace = (n: number): string =>
        `<trace><string key="concept:name" value="c${n}"/><event><string key="concept:name" value="x"/><date key="time:timestamp" value="2024-01-01T00:00:00Z"/></event></trace>\n`;
      const path = join(folder, 'log.xes');
      writeFileSync(path, `<log>${Array.from({ length: 3000 }, (_, n) => trace(n)).join('')}</log>`);
      const kinds = [{ kind: 'xes', path, everySeconds: 0.05 }];
      const first = await start(kinds);
      await centre.until(() => centre.stored.size > 1000);
      first.process.kill('SIGKILL');
      await first.ended;
      expect(centre.stored.size).toBeLessThan(9000);
      const second = await start(kinds);
      const ofLog = () => [...centre.stored.values()].filter(({ data }) => data['caseNo'] !== undefined);
      await centre.until(() => ofLog().length >= 9000);
      second.process.disconnect();
      expect(await second.ended).toBe(0);
      expect(ofLog()).toHaveLength(9000);
      expect(new Set(ofLog().map(({ type, data }) => `${type} ${String(data['caseNo'])}`)).size).toBe(9000);
    },
    LONG,
  );

  const small = join(tmpdir(), 'mingjing-small-disk');
  const mounted = `mkdir -p ${small} && mount -t tmpfs -o size=9m none ${small}`;
  const mayMount = spawnSync('unshare', ['-rm', 'sh', '-c', mounted]).status === 0;
  afterAll(() => rmSync(small, { recursive: true, force: true }));
  const onSmallDisk = mayMount ? it : it.skip;
  onSmallDisk(
    `say that the disk is full, live on, and deliver what they had taken${mayMount ? '' : ' (skipped: may not mount)'}`,
    async () => {
      centre.up = false;
      const prefix = ['unshare', '-rm', 'sh', '-c', `${mounted} && exec "$@"`, 'sh'];
      const running = await start(PUSH, { prefix, env: { MINGJING_COLLECTORS_OUTBOX_DIR: small } });
      const taken: string[] = [];
      let status = 200;
      for (let from = 0; status === 200; from += 10) {
        expect(from).toBeLessThan(10_000);
        const batch = events(from, 10, 'x'.repeat(4000));
        status = await post(running.url, batch);
        if (status === 200) taken.push(...batch.map(({ id }) => id));
      }
      expect(status).toBe(503);
      expect(running.log.join('\n')).toContain(
        `outbox ${small}/collectors.sqlite cannot take more: database or disk is full`,
      );
      expect(taken.length).toBeGreaterThan(100);
      centre.up = true;
      await centre.until(() => taken.every((id) => centre.stored.has(id)));
      let again = 0;
      while (again !== 200) again = await post(running.url, events(100_000, 1));
      await centre.until(() => centre.stored.has('e100000'));
      expect(vendorIds()).toHaveLength(taken.length + 1);
      running.process.kill('SIGTERM');
      expect(await running.ended).toBe(0);
    },
    LONG,
  );

  it(
    'say what is wrong with their configuration, and end',
    async () => {
      await expect(start([{ kind: 'telepathy' }])).rejects.toThrow(
        /unknown kind "telepathy"; expected one of xes, csv, http-push, screen, video/,
      );
      await expect(start(PUSH, { env: { MINGJING_COLLECTORS_COLOUR: 'red' } })).rejects.toThrow(
        /the environment: collectors.colour: unknown key/,
      );
      await start(PUSH);
      await expect(start(PUSH)).rejects.toThrow(
        /collectors.sqlite cannot be opened: another process holds it/,
      );
    },
    LONG,
  );
});
