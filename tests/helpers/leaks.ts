import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll } from '@jest/globals';
import { createTestDatabase } from './db.ts';

/** How long what is being closed may take to be gone, in ms. */
const GRACE_MS = 3000;
const LOOK_EVERY_MS = 25;
/** How long the run's database server may take to start, in ms. */
const START_WITHIN_MS = 60_000;

interface ProcessEntry {
  pid: number;
  parent: number;
  name: string;
}

/** The processes of this machine, from /proc; none where there is no /proc. */
function processes(): ProcessEntry[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, comm = '', rest = ''] =
          /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        const [state, parent] = rest.split(' ');
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), name: comm }];
      } catch {
        return []; // it has ended since the folder was read
      }
    });
}

/** Every process below this one, without those of `known` and what they have started. */
function descendants(known: ReadonlySet<number> = new Set()): ProcessEntry[] {
  const all = processes();
  const found: ProcessEntry[] = [];
  const below = (pid: number): void => {
    for (const entry of all.filter((one) => one.parent === pid && !known.has(one.pid))) {
      found.push(entry);
      below(entry.pid);
    }
  };
  below(process.pid);
  return found;
}

/** Sockets, servers and pipes that keep this process busy, counted by kind. */
function resources(): Map<string, number> {
  const counted = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!/TCP|UDP|PipeWrap|ProcessWrap|MessagePort|Worker/.test(kind)) continue;
    counted.set(kind, (counted.get(kind) ?? 0) + 1);
  }
  return counted;
}

/**
 * Call at the top of a test file: it fails when, after its own afterAll hooks, it has left a process, a socket,
 * a server or a worker behind that was not there before.
 */
export function failOnLeaks(): void {
  let processesBefore = new Set<number>();
  let resourcesBefore = new Map<string, number>();
  const leftProcesses = (): ProcessEntry[] => descendants(processesBefore);
  const left = (): string[] => [
    ...leftProcesses().map(({ pid, name }) => `process ${pid} (${name})`),
    ...[...resources()].flatMap(([kind, count]) => {
      const more = count - (resourcesBefore.get(kind) ?? 0);
      return more > 0 ? [`${more} × ${kind}`] : [];
    }),
  ];
  beforeAll(async () => {
    // The run's database server starts with the first test that asks for it, in this very process where Jest
    // runs all files in one: it is the run's, not this file's.
    await (await createTestDatabase({ empty: true })).drop();
    processesBefore = new Set(descendants().map(({ pid }) => pid));
    resourcesBefore = resources();
  }, START_WITHIN_MS);
  // What is on its way out gets a moment; what stays is ended, so that it does not hold up the whole run.
  afterAll(async () => {
    const deadline = performance.now() + GRACE_MS;
    while (left().length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    const leaked = left();
    for (const { pid } of leftProcesses()) process.kill(pid, 'SIGKILL');
    if (leaked.length > 0) throw new Error(`This test file left behind: ${leaked.join(', ')}`);
  });
}
