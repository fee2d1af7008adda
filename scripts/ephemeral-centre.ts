/**
 * A centre with an empty database of its own, for one caller: prints {"url","token"} when it is ready, and
 * ends, leaving nothing behind, when the caller disconnects or dies, or on SIGTERM.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cityPlanSchema, type CityPlan } from '@mingjing/contracts';
import { Command } from 'commander';
import pg from 'pg';
import { PROJECT_DIR } from './runtime/paths.ts';
import { postgresBinaries } from './runtime/postgres/binaries.ts';
import { startPostgres } from './runtime/postgres/server.ts';
import { startChild } from './runtime/process/child.ts';
import { builtTimescale } from './runtime/timescale/install.ts';

interface Place {
  source: string;
  region: string;
  zone: string;
  calendar: string;
}

const DATABASE = 'ephemeral';

function planOf({ source, region, zone, calendar }: Place): CityPlan {
  const name = `地区 ${region}`;
  const tier = region.length > 6 ? 'township' : region.endsWith('00') ? 'city' : 'county';
  return cityPlanSchema.parse({
    name,
    regions: [{ code: region, name, nameEn: `Region ${region}`, tier, parent: null, zone, calendar }],
    ...{
      departments: [],
      halls: [],
      counters: [],
      officers: [],
      matters: [],
      cameras: [],
      screens: [],
      users: [],
    },
    sources: [{ id: source, name: source, kind: 'replay', region, expectEverySeconds: 0 }],
  });
}

/** Runs a command of the centre to its end. @throws Error with what it said */
function command(entry: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const run = spawnSync(process.execPath, [path.join(PROJECT_DIR, entry), ...args], {
    ...{ env, cwd: PROJECT_DIR, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  });
  if (run.status !== 0) throw new Error(`${entry} failed: ${run.error?.message ?? run.stderr}`);
  return run.stdout;
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.end();
}

function environment(databaseUrl: string, folder: string): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(
    ([name]) => !/^(MINGJING_|DATABASE_URL$|NODE_CHANNEL_)/.test(name),
  );
  const secret = (): string => randomBytes(32).toString('hex');
  return {
    ...Object.fromEntries(ours),
    MINGJING_DATABASE_URL: databaseUrl,
    MINGJING_CENTRE_PORT: '0',
    MINGJING_CENTRE_SECRET: secret(),
    MINGJING_CENTRE_TICKET_KEY: secret(),
    MINGJING_CENTRE_DATA_DIR: path.join(folder, 'data'),
    MINGJING_CENTRE_LOG_LEVEL: 'warn',
    // An empty file: the configuration of the installation is not for this centre.
    MINGJING_CONFIG: path.join(folder, 'mingjing.yaml'),
  };
}

/** Runs everything; resolves when it is stopped. */
async function run(place: Place): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-ephemeral-'));
  const end = new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const postgres = await startPostgres({
    runtime: postgresBinaries(builtTimescale()),
    data: path.join(folder, 'postgres'),
    // Nothing here outlives the caller: no need to wait for the disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    removeAfter: [folder],
  });
  try {
    await createDatabase(postgres.url('postgres'));
    const env = environment(postgres.url(DATABASE), folder);
    const plan = path.join(folder, 'plan.json');
    writeFileSync(plan, JSON.stringify(planOf(place)));
    writeFileSync(path.join(folder, 'mingjing.yaml'), '');
    command('center-server/src/cli/migrate.ts', [], env);
    const tokens = JSON.parse(command('center-server/src/cli/seed.ts', [plan, '--json'], env)) as Record<
      string,
      string
    >;
    const args = [path.join(PROJECT_DIR, 'center-server/src/main.ts')];
    const onLine = (line: string): void => {
      if (!line.includes('"listening"')) console.error(line);
    };
    const centre = startChild({
      name: 'centre',
      command: process.execPath,
      args,
      env,
      cwd: PROJECT_DIR,
      onLine,
    });
    const url = await centre.listening;
    console.log(JSON.stringify({ url, token: tokens[place.source] }));
    await Promise.race([end, centre.ended]);
    await centre.stop();
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const program = new Command('ephemeral-centre')
  .requiredOption('--source <id>', 'the one source there is')
  .requiredOption('--region <code>', 'the one region there is')
  .requiredOption('--zone <zone>', 'its time zone')
  .requiredOption('--calendar <name>', 'its calendar')
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  // The channel to the caller would keep this process alive.
  if (process.connected) process.disconnect();
}
