import { cityPlanSchema, ConfigError, type CityPlan } from '@mingjing/contracts';
import { Command } from 'commander';
import { seedPassword } from '../config.ts';
import { seedCity } from '../seedCity.ts';
import { inTransaction } from '../store/database.ts';
import { commandLineActor, readFileAs, runProgram, withDatabase } from './support.ts';

interface Options {
  demoPassword?: string;
  json?: boolean;
}

async function readPlan(file: string): Promise<CityPlan> {
  const plan = cityPlanSchema.safeParse(await readFileAs(file));
  if (plan.success) return plan.data;
  const issue = plan.error.issues[0];
  throw new ConfigError(
    `${file}: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
  );
}

async function run(file: string, { demoPassword, json }: Options): Promise<void> {
  const plan = await readPlan(file);
  const password = demoPassword ?? seedPassword();
  const { tokens, users } = await withDatabase((pool) =>
    inTransaction(pool, (client) => seedCity(client, commandLineActor(), plan, password)),
  );
  if (json) {
    console.log(JSON.stringify(tokens));
    return;
  }
  console.log(`${plan.name}: ${plan.regions.length} regions, ${plan.matters.length} matters are in place.`);
  for (const [id, token] of Object.entries(tokens)) console.log(`source ${id}: ${token}  (shown this once)`);
  if (users.length > 0) console.log(`added the users ${users.join(', ')}`);
  else if (password === undefined)
    console.log('no users were added: give --demo-password to add those of the plan');
}

const program = new Command('mingjing seed')
  .description('bring a city into the centre: regions, departments, halls, matters, cameras, sources, users')
  .argument('<file>', 'a city plan, such as demo/baoding.yaml')
  .option(
    '--demo-password <password>',
    'add the users of the plan with this password, which is no secret (or MINGJING_SEED_PASSWORD)',
  )
  .option('--json', 'print {"source id": "token"} of the sources that were added')
  .addHelpText(
    'after',
    '\nRun it again after a change of the file: what is there is changed, nothing is doubled.',
  )
  .action(run);

await runProgram(program);
