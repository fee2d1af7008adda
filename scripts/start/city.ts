import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cityPlanSchema, type CityPlan } from '@mingjing/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { run, RunError } from '../runtime/run.ts';
import { isEmpty } from './database.ts';
import { makePassword, saveSecrets, type Secrets } from './secrets.ts';

/** The demo city's plan. */
export const DEMO_CITY = path.join(PROJECT_DIR, 'demo/baoding.yaml');

/** The sources that the house's own processes report as, with the name that people see. */
const OWN_SOURCES = { collectors: '采集器', media: '视频主机' } as const;
export type OwnSource = keyof typeof OWN_SOURCES;

const sourceSchema = z.object({ id: z.string(), region: z.string() });
const createdSchema = z.object({ token: z.string() });

/** Runs a command of the centre on the database; its own message is the error. */
async function centreCommand(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const file = path.join(PROJECT_DIR, `center-server/src/cli/${name}.ts`);
  try {
    return await run(process.execPath, [file, ...args], { env, cwd: PROJECT_DIR, watched: true });
  } catch (error) {
    if (error instanceof RunError && error.tail !== '') throw new Error(error.tail, { cause: error });
    throw error;
  }
}

/** Brings the schema up to date. @returns the names of the migrations that ran */
export async function migrateDatabase(env: NodeJS.ProcessEnv): Promise<string[]> {
  const output = await centreCommand('migrate', ['--json'], env);
  return z.object({ ran: z.array(z.string()) }).parse(JSON.parse(output)).ran;
}

export function readDemoCity(): CityPlan {
  return cityPlanSchema.parse(parse(readFileSync(DEMO_CITY, 'utf8')));
}

/**
 * Brings the demo city into an empty database; its users get a password made here, its sources their tokens.
 * @returns whether it did
 */
export async function seedDemoCity(
  url: string,
  env: NodeJS.ProcessEnv,
  dataDir: string,
  secrets: Secrets,
): Promise<boolean> {
  if (!(await isEmpty(url))) return false;
  const password = makePassword();
  const output = await centreCommand('seed', [DEMO_CITY, '--json'], {
    ...env,
    MINGJING_SEED_PASSWORD: password,
  });
  secrets.tokens = z.record(z.string(), z.string()).parse(JSON.parse(output));
  secrets.demoPassword = password;
  saveSecrets(dataDir, secrets);
  return true;
}

/**
 * The token of one of the house's own sources: the kept one, or a new one of a source that is there, or of a new
 * source in the topmost region.
 * @returns undefined while there is no region to report on
 */
export async function ownToken(
  id: OwnSource,
  env: NodeJS.ProcessEnv,
  dataDir: string,
  secrets: Secrets,
  topRegion: string | undefined,
): Promise<string | undefined> {
  const known = z
    .array(sourceSchema)
    .parse(JSON.parse(await centreCommand('source', ['list', '--json'], env)));
  const exists = known.some((source) => source.id === id);
  const kept = secrets.tokens[id];
  if (exists && kept !== undefined) return kept;
  if (!exists && topRegion === undefined) return undefined;
  const add = [
    'add',
    '--id',
    id,
    '--name',
    OWN_SOURCES[id],
    '--kind',
    id,
    '--region',
    topRegion ?? '',
    '--json',
  ];
  const output = await centreCommand('source', exists ? ['rotate', id, '--json'] : add, env);
  const { token } = createdSchema.parse(JSON.parse(output));
  secrets.tokens[id] = token;
  saveSecrets(dataDir, secrets);
  return token;
}
