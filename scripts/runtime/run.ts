import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { startWatchdog, sweep } from './process/child.ts';

const KEPT = 4000;

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Each line of output as it comes, for progress. */
  onLine?: (line: string) => void;
  /** Ends with us, also when we are killed. For long work that is safe to break off; not for apt. */
  watched?: boolean;
}

/** A program that ended with another code than 0. */
export class RunError extends Error {
  override name = 'RunError';
  /** The last lines that it wrote, both streams. */
  readonly tail: string;
  constructor(message: string, tail: string) {
    super(message);
    this.tail = tail;
  }
}

/**
 * Runs a program to its end.
 * @returns what it wrote to standard output
 * @throws RunError with the last lines that it wrote, when it cannot be started or ends with another code than 0
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env = process.env, cwd, onLine, watched = false } = options;
  return new Promise((resolve, reject) => {
    const mark = randomUUID();
    const marked = watched ? { ...env, MINGJING_RUN: mark } : env;
    const child = spawn(command, args, {
      env: marked,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: watched,
    });
    const watchdog = watched && child.pid !== undefined ? startWatchdog(child.pid, mark) : undefined;
    let output = '';
    let tail = '';
    const hear = (chunk: Buffer): void => {
      const text = chunk.toString();
      tail = (tail + text).slice(-KEPT);
      const line = text.trim().split('\n').at(-1);
      if (line !== undefined && line !== '') onLine?.(line);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      hear(chunk);
    });
    child.stderr.on('data', hear);
    child.once('error', (error) =>
      reject(new RunError(`${command} could not be started: ${error.message}`, '')),
    );
    child.once('close', (code, signal) => {
      const swept = watchdog ? sweep(watchdog) : Promise.resolve();
      void swept.then(() => {
        if (code === 0) resolve(output);
        else
          reject(
            new RunError(`${command} ended with ${signal ?? `code ${code}`}: ${tail.trim()}`, tail.trim()),
          );
      });
    });
  });
}
