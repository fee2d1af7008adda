import path from 'node:path';
import { PROJECT_DIR } from '../../runtime/paths.ts';
import { startChild } from '../../runtime/process/child.ts';
import type { Figure, Suite } from '../suite.ts';

async function run(log: (line: string) => void, { minutes = 30 } = {}): Promise<Figure[]> {
  let last = '';
  const child = startChild({
    name: 'the wall',
    command: process.execPath,
    args: [path.join(PROJECT_DIR, 'tests/bench/wall/run.ts')],
    cwd: PROJECT_DIR,
    env: { ...process.env, MINUTES: String(minutes) },
    onLine: (line) => {
      if (line.startsWith('[{')) last = line;
      else log(line);
    },
  });
  child.listening.catch(() => undefined);
  const { code } = await child.ended;
  if (code !== 0 || last === '') throw new Error(`the wall ended with ${code}:\n${child.log()}`);
  return JSON.parse(last) as Figure[];
}

/** A wall of 16 tiles that changes its layout every few seconds: what grows in the browser and on the servers. */
export const wallSoakSuite: Suite = {
  name: 'wall-soak',
  about: 'what grows while a wall of 16 tiles runs; --minutes, 30 unless told; only by name',
  onlyByName: true,
  run,
};
