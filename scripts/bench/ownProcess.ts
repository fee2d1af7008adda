import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { startChild } from '../runtime/process/child.ts';
import type { Figure } from './suite.ts';

interface Script {
  /** What it is called when it fails. */
  name: string;
  /** From the project's folder. */
  file: string;
  env?: Record<string, string>;
}

/**
 * Runs a suite that is a script of its own: it prints its figures as one line of JSON, everything else is progress.
 * @throws Error with what it said when it ends otherwise
 */
export async function runScript(
  { name, file, env = {} }: Script,
  log: (line: string) => void,
): Promise<Figure[]> {
  let last = '';
  const child = startChild({
    name,
    command: process.execPath,
    args: [path.join(PROJECT_DIR, file)],
    cwd: PROJECT_DIR,
    env: { ...process.env, ...env },
    onLine: (line) => {
      if (line.startsWith('[{')) last = line;
      else log(line);
    },
  });
  child.listening.catch(() => undefined);
  const { code } = await child.ended;
  if (code !== 0 || last === '') throw new Error(`${name} ended with ${code}:\n${child.log()}`);
  return JSON.parse(last) as Figure[];
}
