import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeCertificate } from './certificate.ts';
import { freePort } from './installation.ts';

const TURNSERVER = '/usr/bin/turnserver';

/** A real TURN server (coturn) on this machine, over TCP or TLS. */
export interface TurnServer {
  url: string;
  secret: string;
  /** What it has said of its clients. */
  log(): string;
  stop(): Promise<void>;
}

/** @param how `tls`: as on port 443, and plain TURN is refused */
export async function startTurn(how: 'tcp' | 'tls'): Promise<TurnServer> {
  if (!existsSync(TURNSERVER)) throw new Error('coturn is not installed; npm test installs it');
  const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-turn-'));
  const port = await freePort();
  const secret = 'a secret of the turn server';
  const options = {
    'listening-ip': '127.0.0.1',
    'relay-ip': '127.0.0.1',
    ...(how === 'tls'
      ? { 'tls-listening-port': String(port), ...(await makeCertificate(folder)) }
      : { 'listening-port': String(port) }),
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
    ...(how === 'tls' ? ['--no-udp', '--no-tcp'] : ['--no-tls']),
    '--no-dtls',
    '-v',
  ];
  const args = Object.entries(options).map(([key, value]) => `--${key}=${value}`);
  const child = spawn(TURNSERVER, [...flags, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text;
      if (said.includes('listener opened')) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('exit', () => reject(new Error(`the TURN server ended:\n${said}`)));
    child.once('error', reject);
  });
  await ready;
  return {
    url: `${how === 'tls' ? 'turns:localhost' : 'turn:127.0.0.1'}:${port}?transport=tcp`,
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
