import { Command } from 'commander';
import { ConfigError } from '@mingjing/contracts';
import { loadDatabaseConfig } from '../config.ts';
import { dumpSchema } from '../store/dumpSchema.ts';
import { migrate } from '../store/migrate.ts';

interface Options {
  dump?: boolean;
  json?: boolean;
}

async function run({ dump, json }: Options): Promise<void> {
  const { url } = loadDatabaseConfig();
  if (dump) {
    process.stdout.write(await dumpSchema(url));
    return;
  }
  const ran = await migrate(url);
  if (json) console.log(JSON.stringify({ ran }));
  else console.log(ran.length === 0 ? 'The schema is up to date.' : `Ran ${ran.join(', ')}.`);
}

const program = new Command('mingjing migrate')
  .description('bring the database to the newest schema')
  .option('--dump', 'print the schema of the database instead of changing it')
  .option('--json', 'print the names of the migrations that ran as JSON')
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof Error)) throw error;
  console.error(`mingjing migrate: ${error.message}`);
  process.exitCode = 1;
}
