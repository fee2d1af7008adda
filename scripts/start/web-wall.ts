import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { run } from '../runtime/run.ts';

const WEB_WALL = path.join(PROJECT_DIR, 'web-wall');
const STAMP = path.join(WEB_WALL, 'dist/.sources');

/** What the pages are built from. */
const SOURCES = [
  ...[
    'web-wall/src',
    'web-wall/public',
    'web-wall/index.html',
    'web-wall/vite.config.ts',
    'web-wall/package.json',
  ],
  ...['contracts/src', 'rules/src', 'package-lock.json'],
];

function filesBelow(name: string): string[] {
  const full = path.join(PROJECT_DIR, name);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [name];
  return readdirSync(full)
    .sort()
    .flatMap((entry) => filesBelow(path.join(name, entry)));
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const name of SOURCES.flatMap(filesBelow)) {
    if (name.endsWith('.test.ts')) continue;
    hash.update(`${name}\0`).update(readFileSync(path.join(PROJECT_DIR, name)));
  }
  return hash.digest('hex');
}

/**
 * Builds the pages with Vite when they are missing or their sources have changed.
 * @returns whether it built
 */
export async function buildWebWall(onLine?: (line: string) => void): Promise<boolean> {
  const hash = hashOfSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return false;
  const vite = path.join(PROJECT_DIR, 'node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: WEB_WALL,
    env,
    watched: true,
    ...(onLine ? { onLine } : {}),
  });
  writeFileSync(STAMP, hash);
  return true;
}
