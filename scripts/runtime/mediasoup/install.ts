import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { release, tmpdir } from 'node:os';
import path from 'node:path';
import { aptInstall } from '../apt.ts';
import { cacheDir, PLATFORM, PROJECT_DIR } from '../paths.ts';
import { run } from '../run.ts';

const PACKAGE_DIR = path.join(PROJECT_DIR, 'node_modules/mediasoup');
const RELEASES = 'https://github.com/versatica/mediasoup/releases/download';
const DOWNLOAD_TIMEOUT_MS = 20_000;
/** The worker's way of saying that it runs, but was not started by mediasoup. */
const ALONE = 41;

const BUILD_PACKAGES = [
  ...['g++', 'make', 'pkg-config', 'libssl-dev', 'libuv1-dev', 'libsrtp2-dev', 'libabsl-dev'],
  ...['libflatbuffers-dev', 'flatbuffers-compiler'],
];

function version(): string {
  const manifest = JSON.parse(readFileSync(path.join(PACKAGE_DIR, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

function cachedWorker(): string {
  return path.join(cacheDir(), `mediasoup-worker-${version()}-${PLATFORM}`);
}

function runsHere(file: string): boolean {
  return existsSync(file) && spawnSync(file, { env: {}, stdio: 'ignore' }).status === ALONE;
}

/** The worker that this machine can run: the environment's, the cached one, or undefined. */
export function findWorker(): string | undefined {
  const candidates = [
    process.env['MINGJING_MEDIA_WORKER_BIN'],
    process.env['MEDIASOUP_WORKER_BIN'],
    cachedWorker(),
  ];
  return candidates.find((file) => file !== undefined && runsHere(file));
}

/** Where the worker is, or will be once installWorker() has brought it. */
export function workerFile(): string {
  return findWorker() ?? cachedWorker();
}

/** The worker that mediasoup's makers built, where the download works and the binary runs here. */
async function download(dir: string): Promise<string> {
  const kernel = process.platform === 'linux' ? `-kernel${release().split('.')[0] ?? ''}` : '';
  const url = `${RELEASES}/${version()}/mediasoup-worker-${version()}-${PLATFORM}${kernel}.tgz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
  const archive = path.join(dir, 'worker.tgz');
  await writeFile(archive, new Uint8Array(await answer.arrayBuffer()));
  await run('tar', ['-xzf', archive, '-C', dir]);
  const worker = path.join(dir, 'mediasoup-worker');
  chmodSync(worker, 0o755);
  if (!runsHere(worker)) throw new Error(`the worker of ${url} does not run on this machine`);
  return worker;
}

/** The worker from mediasoup's own sources, with Debian's libraries: 90 s on 2 cores. */
async function build(dir: string, onLine: (line: string) => void): Promise<string> {
  await aptInstall(BUILD_PACKAGES, onLine);
  onLine('compiling the worker, about 2 minutes');
  const worker = path.join(dir, 'mediasoup-worker');
  const env = { ...process.env, OUT: worker };
  await run('bash', [path.join(import.meta.dirname, 'build.sh'), PROJECT_DIR], { env, watched: true });
  return worker;
}

/**
 * Brings the mediasoup worker into the user's cache, once per machine and version.
 * @returns the worker's file
 * @throws Error naming why it could neither be downloaded nor built
 */
export async function installWorker(onLine: (line: string) => void = () => undefined): Promise<string> {
  const found = findWorker();
  if (found !== undefined) return found;
  const dir = mkdtempSync(path.join(tmpdir(), 'mingjing-worker-'));
  try {
    onLine('downloading the worker');
    const worker = await download(dir).catch((reason: unknown) => {
      onLine(`no download (${String(reason)}); building`);
      return build(dir, onLine);
    });
    // the temporary folder may be on another file system than the cache
    const draft = `${cachedWorker()}.${process.pid}.draft`;
    await run('install', ['-m', '755', worker, draft]);
    renameSync(draft, cachedWorker());
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return cachedWorker();
}
