import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './installation.ts';

const TURNSERVER = '/usr/bin/turnserver';

/** A real TURN server (coturn) on this machine, over TCP. */
export interface TurnServer {
  url: string;
  secret: string;
  /** What it has said of its clients. */
  log(): string;
  stop(): Promise<void>;
}

export async function startTurn(): Promise<TurnServer> {
  if (!existsSync(TURNSERVER)) throw new Error('coturn is not installed; npm test installs it');
  const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-turn-'));
  const port = await freePort();
  const secret = 'a secret of the turn server';
  const options = {
    'listening-ip': '127.0.0.1',
    'relay-ip': '127.0.0.1',
    'listening-port': String(port),
    'static-auth-secret': secret,
    realm: 'mingjing.test',
    'min-port': '50000',
    'max-port': '50999',
    userdb: path.join(folder, 'turndb'),
    pidfile: path.join(folder, 'turnserver.pid'),
    'log-file': 'stdout',
  };
  const flags = [
    '-n',
    '--use-auth-secret',
    '--allow-loopback-peers',
    '--no-cli',
    '--no-tls',
    '--no-dtls',
    '-v',
  ];
  const args = Object.entries(options).map(([key, value]) => `--${key}=${value}`);
  const child = spawn(TURNSERVER, [...flags, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text;
      if (said.includes('TCP listener opened')) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('exit', () => reject(new Error(`the TURN server ended:\n${said}`)));
    child.once('error', reject);
  });
  await ready;
  return {
    url: `turn:127.0.0.1:${port}?transport=tcp`,
    secret,
    log: () => said,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
