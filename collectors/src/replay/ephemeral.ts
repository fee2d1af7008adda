import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CalendarName } from '@mingjing/contracts';
import { z } from 'zod';

const SCRIPT = fileURLToPath(new URL('../../../scripts/ephemeral-centre.ts', import.meta.url));
const readySchema = z.object({ url: z.string(), token: z.string() });

export interface EphemeralCentre {
  url: string;
  token: string;
  stop(): Promise<void>;
}

/**
 * Starts a centre with an empty database of its own, which is gone when it is stopped, or when this
 * process ends, however it ends.
 * @throws Error with what it said when it does not start
 */
export async function startEphemeral(place: {
  source: string;
  region: string;
  zone: string;
  calendar: CalendarName;
}): Promise<EphemeralCentre> {
  const { source, region, zone, calendar } = place;
  const args = ['--source', source, '--region', region, '--zone', zone, '--calendar', calendar];
  const child = fork(SCRIPT, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const ready = await new Promise<z.infer<typeof readySchema>>((resolve, reject) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) =>
        resolve(readySchema.parse(JSON.parse(line))),
      );
    }
    child.once('error', reject);
    void ended.then(() => reject(new Error(`the ephemeral centre did not start:\n${said}`)));
  });
  return {
    ...ready,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
