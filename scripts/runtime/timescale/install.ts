import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheDir, PLATFORM } from '../paths.ts';
import { postgresBinaries } from '../postgres/binaries.ts';

/** What build.sh makes: the Apache-2 edition of this version, for PostgreSQL 17. */
const NAME = `timescaledb-2.19-pg17-${PLATFORM}`;

/** The built extension in the user's cache, or undefined when it has not been built. */
export function builtTimescale(): string | undefined {
  const dir = path.join(cacheDir(), NAME);
  return existsSync(path.join(dir, 'share/extension/timescaledb.control')) ? dir : undefined;
}

function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => onLine(chunk.toString().trimEnd()));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(errors.trim().split('\n').at(-1) ?? `${command} ended with ${code}`));
    });
  });
}

/**
 * Builds TimescaleDB for the embedded PostgreSQL, once per machine (20–50 s), into the user's cache.
 * @returns its folder
 * @throws Error where it cannot be built: the schema then runs without the extension
 */
export async function buildTimescale(onLine: (line: string) => void = () => undefined): Promise<string> {
  const built = builtTimescale();
  if (built) return built;
  const dir = path.join(cacheDir(), NAME);
  const draft = `${dir}.${process.pid}.draft`;
  const archive = `${draft}.tgz`;
  const server = path.join(postgresBinaries(), 'bin/postgres');
  try {
    const script = path.join(import.meta.dirname, 'build.sh');
    await run('bash', [script, archive], { ...process.env, POSTGRES_BIN: server }, onLine);
    mkdirSync(draft, { recursive: true });
    await run('tar', ['-xzf', archive, '-C', draft], process.env, onLine);
    rmSync(dir, { recursive: true, force: true });
    renameSync(draft, dir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(archive, { force: true });
  }
  return dir;
}
