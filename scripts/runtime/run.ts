import { spawn } from 'node:child_process';

const KEPT = 4000;

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Each line of output as it comes, for progress. */
  onLine?: (line: string) => void;
  /** The program is stopped when it has not ended by then, in ms. */
  timeoutMs?: number;
}

/**
 * Runs a program to its end.
 * @returns what it wrote to standard output
 * @throws Error with the last lines that it wrote, when it cannot be started or ends with another code than 0
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env = process.env, cwd, onLine, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
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
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ended with ${signal ?? `code ${code}`}: ${tail.trim()}`));
    });
  });
}
