import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** How long a process may take to stop when asked, before it is made to, in ms. */
const STOP_MS = 10_000;
const LINES_KEPT = 400;

export interface ChildOptions {
  /** What messages call it. */
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  onLine?: (line: string) => void;
}

/** How a process ended: a code, or the signal that ended it. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of ours, with everything that it starts itself. */
export interface Child {
  name: string;
  pid: number;
  /** Resolves with the address in its line {"event":"listening","url":…}; rejects when it ends before. */
  listening: Promise<string>;
  ended: Promise<Ending>;
  /** Its last lines, both streams. */
  log(): string;
  /** Asks it to stop, makes it stop after 10 s, and ends what it left behind. */
  stop(): Promise<void>;
  /** As a power cut: no chance to put anything away. Ends what it left behind. */
  kill9(): Promise<void>;
}

/** The address in a process's line that it is ready, or undefined for any other line. */
export function listeningUrl(line: string): string | undefined {
  if (!line.startsWith('{') || !line.includes('"listening"')) return undefined;
  try {
    const event = JSON.parse(line) as { event?: unknown; url?: unknown };
    return event.event === 'listening' ? (typeof event.url === 'string' ? event.url : '') : undefined;
  } catch {
    return undefined; // a line of something else that looks like ours
  }
}

/**
 * Ends the child and all that it started when our end of its pipe closes: when we say so, or die.
 * It lives in a process group of its own, so that Ctrl-C at a terminal does not reach it.
 */
export function startWatchdog(pid: number, mark: string): ChildProcess {
  const script = path.join(import.meta.dirname, 'watchdog.sh');
  const watchdog = spawn('/bin/sh', [script, String(pid), mark], {
    env: { PATH: process.env['PATH'] },
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  // it may have ended already; there is nobody left to tell
  watchdog.stdin.on('error', () => undefined);
  return watchdog;
}

function endOf(process: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    process.once('exit', (code, signal) => resolve({ code, signal }));
    process.once('error', () => resolve({ code: 127, signal: null }));
  });
}

/** Ends what is left of a watched process, and waits until it is gone. */
export async function sweep(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null || watchdog.signalCode !== null) return;
  const done = endOf(watchdog);
  watchdog.ref();
  watchdog.stdin?.end();
  await done;
}

/** Collects lines, and finds the one that says the process is ready. */
function hear(child: ChildProcess, { name, onLine }: ChildOptions, ended: Promise<Ending>) {
  const lines: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > LINES_KEPT) lines.shift();
        const url = listeningUrl(line);
        if (url !== undefined) resolve(url);
        onLine?.(line);
      });
    }
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    void ended.then(({ code, signal }) =>
      reject(
        new Error(`${name} ended with ${signal ?? `code ${code}`} before it was ready:\n${lines.join('\n')}`),
      ),
    );
  });
  // whoever waits for it gets the rejection; a process that nobody waits for is none
  listening.catch(() => undefined);
  return { lines, listening };
}

/** Starts a process that cannot outlive us, however we die, with all that it starts itself. */
export function startChild(options: ChildOptions): Child {
  const mark = randomUUID();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env, MINGJING_RUN: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = endOf(child);
  const { lines, listening } = hear(child, options, ended);
  const watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid, mark);
  const end = async (): Promise<void> => {
    await ended;
    if (watchdog) await sweep(watchdog);
  };
  void end();
  return {
    name: options.name,
    pid: child.pid ?? 0,
    listening,
    ended,
    log: () => lines.join('\n'),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await end();
      clearTimeout(timer);
    },
    async kill9() {
      child.kill('SIGKILL');
      await end();
    },
  };
}
