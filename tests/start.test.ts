import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';

const MINGJING = path.join(PROJECT_DIR, 'scripts/mingjing.mjs');
const LIMIT_MS = 180_000;

let dataDir = '';
beforeAll(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mingjing-start-'));
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const plain = Object.entries(process.env).filter(
    ([name]) => !/^(MINGJING_|npm_|NODE_OPTIONS|DATABASE_URL)/.test(name),
  );
  return { ...Object.fromEntries(plain), ...more };
}

async function freePort(): Promise<{ port: number; server: net.Server }> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, server };
}

function start(port: number): ChildProcess {
  const args = [MINGJING, 'start', '--json', '--no-demo', '--no-video', '--port', String(port)];
  return spawn(process.execPath, [...args, '--data-dir', dataDir], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

interface Ready {
  event: string;
  url: string;
  missing: string[];
}

/** The line that says that all is running. */
async function untilReady(process: ChildProcess): Promise<Ready> {
  if (!process.stdout) throw new Error('no output to read');
  for await (const line of createInterface({ input: process.stdout })) return JSON.parse(line) as Ready;
  throw new Error('it ended before it was ready');
}

/** Running processes that work on the data folder: the command line or the environment names it. */
function left(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [command = '', env = ''] = ['cmdline', 'environ'].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'utf8'),
        );
        return command.includes(dataDir) || env.includes(dataDir) ? [command.replaceAll('\0', ' ')] : [];
      } catch {
        return []; // it has ended since the folder was read
      }
    });
}

async function untilNoneLeft(): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (left().length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(left()).toEqual([]);
}

describe('mingjing start', () => {
  test(
    'runs the centre, keeps its secrets private, and stops everything when asked',
    async () => {
      const { port, server } = await freePort();
      server.close();
      const running = start(port);
      const ready = await untilReady(running);
      expect(ready).toMatchObject({ event: 'ready', url: `http://127.0.0.1:${port}` });
      expect((await fetch(`${ready.url}/readyz`)).status).toBe(200);
      expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
      running.kill('SIGINT');
      expect(await once(running, 'exit')).toEqual([0, null]);
      await untilNoneLeft();
    },
    LIMIT_MS,
  );

  test(
    'leaves nothing behind when it is killed',
    async () => {
      const { port, server } = await freePort();
      server.close();
      const running = start(port);
      await untilReady(running);
      running.kill('SIGKILL');
      await untilNoneLeft();
    },
    LIMIT_MS,
  );

  test(
    'names a busy port, a wrong database and an unknown section, each in one line',
    async () => {
      const { port, server } = await freePort();
      const tries: [string, Record<string, string>, string[]][] = [
        [`port ${port} of 127.0.0.1 is in use`, {}, []],
        [
          'DATABASE_URL: no database at postgresql://me:***@127.0.0.1:1/x',
          { DATABASE_URL: 'postgresql://me:pw@127.0.0.1:1/x' },
          ['0'],
        ],
        ['there is no such configuration file', {}, ['0', '--config', '/nowhere.yaml']],
      ];
      for (const [message, env, [other, ...more]] of tries) {
        const { port: free, server: spare } = await freePort();
        spare.close();
        const args = [
          '--port',
          String(other === undefined ? port : free),
          '--no-video',
          '--data-dir',
          dataDir,
          ...more,
        ];
        const run = spawnSync(process.execPath, [MINGJING, 'start', ...args], {
          env: environment(env),
          encoding: 'utf8',
        });
        expect(run.stderr).toContain(message);
        expect(run.stderr.trim().split('\n')).toHaveLength(1);
        expect(run.status).toBe(1);
      }
      server.close();
    },
    LIMIT_MS,
  );
});
