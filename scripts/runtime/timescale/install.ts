import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { aptInstall } from '../apt.ts';
import { cacheDir, PLATFORM } from '../paths.ts';
import { postgresBinaries } from '../postgres/binaries.ts';
import { run } from '../run.ts';

/** What build.sh makes: the Apache-2 edition of this version, for PostgreSQL 17. */
const NAME = `timescaledb-2.19-pg17-${PLATFORM}`;

const BUILD_PACKAGES = [
  'gcc',
  'libc6-dev',
  'make',
  'cmake',
  'xz-utils',
  'binutils',
  'debian-archive-keyring',
];

/** The built extension in the user's cache, or undefined when it has not been built. */
export function builtTimescale(): string | undefined {
  const dir = path.join(cacheDir(), NAME);
  return existsSync(path.join(dir, 'share/extension/timescaledb.control')) ? dir : undefined;
}

/**
 * Builds TimescaleDB for the embedded PostgreSQL, once per machine (20–50 s), into the user's cache.
 * @returns its folder
 * @throws Error where it cannot be built: the schema then runs on plain tables
 */
export async function buildTimescale(onLine: (line: string) => void = () => undefined): Promise<string> {
  const built = builtTimescale();
  if (built) return built;
  if (process.platform !== 'linux')
    throw new Error(`TimescaleDB is built on Linux only, and this is ${PLATFORM}`);
  await aptInstall(BUILD_PACKAGES, onLine);
  const dir = path.join(cacheDir(), NAME);
  const draft = `${dir}.${process.pid}.draft`;
  const archive = `${draft}.tgz`;
  const server = path.join(postgresBinaries(), 'bin/postgres');
  try {
    onLine('compiling');
    const script = path.join(import.meta.dirname, 'build.sh');
    await run('bash', [script, archive], {
      env: { ...process.env, POSTGRES_BIN: server },
      onLine,
      watched: true,
    });
    mkdirSync(draft, { recursive: true });
    await run('tar', ['-xzf', archive, '-C', draft]);
    rmSync(dir, { recursive: true, force: true });
    renameSync(draft, dir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(archive, { force: true });
  }
  return dir;
}
