import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { postgresBinaries } from '../runtime/postgres/binaries.ts';
import { startPostgres } from '../runtime/postgres/server.ts';
import { run } from '../runtime/run.ts';
import { buildTimescale } from '../runtime/timescale/install.ts';
import type { Check } from './check.ts';

const KEPT = path.join(PROJECT_DIR, 'center-server/schema.sql');
const MIGRATE = path.join(PROJECT_DIR, 'center-server/src/cli/migrate.ts');
const MEND =
  'npm run -s mingjing -- migrate --dump > center-server/schema.sql, on a database that is up to date';

async function dumpFresh(): Promise<string> {
  const extension = await buildTimescale().catch(() => undefined);
  const dir = mkdtempSync(path.join(tmpdir(), 'mingjing-schema-'));
  const server = await startPostgres({
    runtime: postgresBinaries(extension),
    data: path.join(dir, 'data'),
    settings: { fsync: 'off' },
    removeAfter: [dir],
  });
  try {
    const env = { ...process.env, MINGJING_DATABASE_URL: server.url('postgres') };
    await run(process.execPath, [MIGRATE], { env, cwd: PROJECT_DIR });
    return await run(process.execPath, [MIGRATE, '--dump'], { env, cwd: PROJECT_DIR });
  } finally {
    await server.stop();
  }
}

/** The first line in which two texts differ, for the message. */
function firstDifference(kept: string, fresh: string): string {
  const [old, now] = [kept.split('\n'), fresh.split('\n')];
  const at = old.findIndex((line, index) => line !== now[index]);
  const line = at === -1 ? old.length : at;
  return `line ${line + 1}: kept "${old[line] ?? '(end)'}", from the migrations "${now[line] ?? '(end)'}"`;
}

export const schema: Check = {
  name: 'schema',
  about: 'center-server/schema.sql is what the migrations make',
  async run() {
    if (!existsSync(KEPT)) throw new Error(`center-server/schema.sql is missing. Make it: ${MEND}`);
    const kept = readFileSync(KEPT, 'utf8');
    const fresh = await dumpFresh();
    if (kept !== fresh) throw new Error(`${firstDifference(kept, fresh)}. Make it anew: ${MEND}`);
  },
};
