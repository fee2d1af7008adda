import path from 'node:path';
import { PROJECT_DIR } from '../../runtime/paths.ts';
import { startChild } from '../../runtime/process/child.ts';
import type { Figure, Suite } from '../suite.ts';

async function run(log: (line: string) => void): Promise<Figure[]> {
  let last = '';
  const child = startChild({
    name: 'the playback bench',
    command: process.execPath,
    args: [path.join(PROJECT_DIR, 'tests/bench/playback/run.ts')],
    cwd: PROJECT_DIR,
    env: process.env,
    onLine: (line) => {
      if (line.startsWith('[{')) last = line;
      else log(line);
    },
  });
  child.listening.catch(() => undefined);
  const { code } = await child.ended;
  if (code !== 0 || last === '') throw new Error(`the playback bench ended with ${code}:\n${child.log()}`);
  return JSON.parse(last) as Figure[];
}

/** How close the pictures of one, four and nine cameras stay to the clock and to one another, up to 16 times. */
export const playbackSuite: Suite = {
  name: 'playback',
  about: 'recordings played at 1×, 4× and 16×: how far pictures are from the clock and from one another',
  run,
};
