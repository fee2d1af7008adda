import { mkdirSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { cacheDir, PLATFORM, PROJECT_DIR, RUNTIME_DIR } from '../runtime/paths.ts';
import { found, missing, wrong, type Finding } from './finding.ts';

const GIB = 1024 ** 3;
const MEMORY_NEEDED = 2 * GIB;
const DISK_NEEDED = 5 * GIB;

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

export function nodeFinding(): Finding {
  const own = process.execPath.startsWith(path.join(PROJECT_DIR, 'node_modules'));
  const detail = `${process.version} for ${PLATFORM}, ${own ? "the project's own" : process.execPath}`;
  if (Number(process.versions.node.split('.')[0]) >= 24) return found('node', detail);
  return wrong('node', detail, 'npm ci brings Node 24; or install it from https://nodejs.org');
}

export function memoryFinding(): Finding {
  const detail = `${gib(totalmem())}, ${availableParallelism()} cores`;
  if (totalmem() >= MEMORY_NEEDED) return found('memory', detail);
  return wrong(
    'memory',
    detail,
    `${gib(MEMORY_NEEDED)} or more are needed with video; --no-video needs less`,
  );
}

function freeAt(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}

export function diskFindings(): Finding[] {
  mkdirSync(RUNTIME_DIR, { recursive: true, mode: 0o700 });
  return [
    ['disk of .runtime', RUNTIME_DIR],
    ['disk of the cache', cacheDir()],
  ].map(([name = '', dir = '']) => {
    const detail = `${gib(freeAt(dir))} free at ${dir}`;
    if (freeAt(dir) >= DISK_NEEDED) return found(name, detail);
    return missing(
      name,
      detail,
      `make room: ${gib(DISK_NEEDED)} or more; or choose another folder with --data-dir`,
    );
  });
}
