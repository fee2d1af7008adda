import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAs, type RunAs } from './as-user.ts';
import { hasTimescale } from './binaries.ts';

/** The role that owns everything in an embedded server. */
const USER = 'mingjing';
const LOG_KEPT = 20_000;

export interface PostgresOptions {
  /** A laid-out PostgreSQL: see postgresBinaries(). */
  runtime: string;
  /** The data folder; initialised when it is empty. */
  data: string;
  /** Settings beside the defaults, as in postgresql.conf. */
  settings?: Record<string, string | number>;
  /** Folders to remove when the server has stopped, also when this process is killed. */
  removeAfter?: string[];
  /** Receives the server's log as it comes. */
  onLog?: (text: string) => void;
}

export interface PostgresServer {
  /** The server was running already (another process started it): stop() leaves it running. */
  attached: boolean;
  pid: number;
  timescale: boolean;
  /** A connection URL for a database of this server, over its private Unix socket. */
  url(database: string): string;
  /** Called once when the server ends without stop(). */
  onCrash(listener: (log: string) => void): void;
  stop(): Promise<void>;
}

function urlFor(socketDir: string, port: string): (database: string) => string {
  return (database) =>
    `postgresql://${USER}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDir)}`;
}

function privateFolder(dir: string, { ids }: RunAs): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(dir, ids.uid, ids.gid);
}

/** What PostgreSQL needs of the environment, and nothing of ours. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C.UTF-8' };
}

function initialise(options: PostgresOptions, as: RunAs): void {
  privateFolder(options.data, as);
  if (existsSync(path.join(options.data, 'PG_VERSION'))) return;
  const [command = '', ...args] = [
    ...as.prefix,
    path.join(options.runtime, 'bin/initdb'),
    ...['-D', options.data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
  ];
  const run = spawnSync(command, args, { ...as.ids, env: serverEnvironment(), cwd: '/', encoding: 'utf8' });
  if (run.status !== 0) {
    throw new Error(`initdb in ${options.data} failed: ${run.error?.message ?? run.stdout + run.stderr}`);
  }
}

/** Someone else already serves this folder (a second process, or an orphan of a crash): never start twice. */
function attach(data: string): PostgresServer | undefined {
  const pidFile = path.join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return undefined;
  const [pid = '', , , port = '', socketDir = ''] = readFileSync(pidFile, 'utf8').split('\n');
  const name = path.join('/proc', String(Number(pid)), 'comm');
  if (!existsSync(name) || readFileSync(name, 'utf8').trim() !== 'postgres') return undefined;
  return {
    attached: true,
    pid: Number(pid),
    timescale: readFileSync(`/proc/${Number(pid)}/cmdline`, 'utf8').includes(
      'shared_preload_libraries=timescaledb',
    ),
    url: urlFor(socketDir, port),
    onCrash: () => undefined,
    stop: () => Promise.resolve(),
  };
}

function settingsFor(options: PostgresOptions, socketDir: string): Record<string, string | number> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: 100,
    shared_buffers: '128MB',
    // The Apache edition has no jobs to run, and a running scheduler blocks CREATE DATABASE … TEMPLATE.
    ...(hasTimescale(options.runtime)
      ? { shared_preload_libraries: 'timescaledb', 'timescaledb.max_background_workers': 0 }
      : {}),
    ...options.settings,
  };
}

/** Resolves when the server accepts connections; rejects with its log when it ends before. */
function untilReady(server: ChildProcess, log: (text: string) => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      if (log(chunk.toString()).includes('ready to accept connections')) resolve();
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('error', reject);
    server.once('exit', (code) =>
      reject(new Error(`PostgreSQL ended with code ${code} at start:\n${log('')}`)),
    );
  });
}

/** Starts the process that stops the server when this one is gone. */
function startWatcher(pid: number, ids: RunAs['ids'], folders: string[]): ChildProcess {
  const script = path.join(import.meta.dirname, 'watch.sh');
  const watcher = spawn('/bin/sh', [script, String(pid), ...folders], {
    ...ids,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  // The watcher ends when the server's owner says so; a broken pipe then means that it has gone already.
  watcher.stdin.on('error', () => undefined);
  return watcher;
}

function handle(server: ChildProcess, watcher: ChildProcess, log: () => string) {
  let stopping = false;
  const gone = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
  return {
    onCrash(listener: (log: string) => void): void {
      void gone.then(() => {
        if (!stopping) listener(log());
      });
    },
    async stop(): Promise<void> {
      stopping = true;
      if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT');
      await gone;
      if (watcher.exitCode !== null) return;
      const watched = new Promise((resolve) => watcher.once('exit', resolve));
      watcher.ref();
      watcher.stdin?.end('done\n');
      await watched;
    },
  };
}

/**
 * Starts PostgreSQL on a data folder, or attaches to the server that already runs on it. It listens on a Unix socket
 * in a private folder only. When this process dies, however it dies, the server is stopped.
 * @throws Error with the server's log when it does not start
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const running = attach(options.data);
  if (running) return running;
  const as = runAs();
  initialise(options, as);
  const socketDir = mkdtempSync(path.join(tmpdir(), 'mingjing-pg-'));
  privateFolder(socketDir, as);
  const settings = Object.entries(settingsFor(options, socketDir)).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const [command, ...args] = [...as.prefix, path.join(options.runtime, 'bin/postgres'), '-D', options.data];
  const server = spawn(command, [...args, ...settings], {
    ...as.ids,
    env: serverEnvironment(),
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own process group: Ctrl-C reaches the owner first, which stops things in order
  });
  let kept = '';
  const log = (text: string): string => {
    if (text !== '') options.onLog?.(text);
    kept = (kept + text).slice(-LOG_KEPT);
    return kept;
  };
  const pid = server.pid ?? 0;
  const watcher = startWatcher(pid, as.ids, [socketDir, ...(options.removeAfter ?? [])]);
  try {
    await untilReady(server, log);
  } catch (error) {
    watcher.stdin?.end('done\n');
    throw error;
  }
  return {
    attached: false,
    pid,
    timescale: hasTimescale(options.runtime),
    url: urlFor(socketDir, '5432'),
    ...handle(server, watcher, () => kept),
  };
}
