import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The checkout: the folder that holds package.json. */
export const PROJECT_DIR = path.resolve(import.meta.dirname, '../..');

/** What this checkout keeps between starts: data, logs, secrets. Ignored by git. */
export const RUNTIME_DIR = path.join(PROJECT_DIR, '.runtime');

/**
 * The folder in the user's cache that all checkouts share: heavy build results, each keyed by its version.
 * @returns an existing folder, private to the user
 */
export function cacheDir(): string {
  const dir = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'mingjing');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

/** This machine in the words of npm packages, e.g. "linux-x64". */
export const PLATFORM = `${process.platform}-${process.arch}`;
