import { cityPlanSchema } from '@mingjing/contracts';
import { Command } from 'commander';
import { seedPassword } from '../config.ts';
import { seedCity } from '../seedCity.ts';
import { inTransaction } from '../store/database.ts';
import { commandLineActor, readFileChecked, runProgram, withDatabase } from './support.ts';

interface Options {
  demoPassword?: string;
  json?: boolean;
}

async function run(file: string, { demoPassword, json }: Options): Promise<void> {
  const plan = await readFileChecked(cityPlanSchema, file);
  const password = demoPassword ?? seedPassword();
  const { tokens, users, walls } = await withDatabase((pool) =>
    inTransaction(pool, (client) => seedCity(client, commandLineActor(), plan, password)),
  );
  if (json) {
    console.log(JSON.stringify(tokens));
    return;
  }
  console.log(`${plan.name}: ${plan.regions.length} regions, ${plan.matters.length} matters are in place.`);
  for (const [id, token] of Object.entries(tokens)) console.log(`source ${id}: ${token}  (shown this once)`);
  if (walls.added.length > 0) console.log(`added ${walls.added.join(', ')}`);
  if (walls.left.length > 0)
    console.log(`not added, for their owner or what they need is not there: ${walls.left.join(', ')}`);
  if (users.length > 0) console.log(`added the users ${users.join(', ')}`);
  else if (password === undefined)
    console.log('no users were added: give --demo-password to add those of the plan');
}

const program = new Command('mingjing seed')
  .description(
    'bring a city into the centre: regions, departments, halls, matters, cameras, walls, sources, users',
  )
  .argument('<file>', 'a city plan, such as demo/baoding.yaml')
  .option(
    '--demo-password <password>',
    'add the users of the plan with this password, which is no secret (or MINGJING_SEED_PASSWORD)',
  )
  .option('--json', 'print {"source id": "token"} of the sources that were added')
  .addHelpText(
    'after',
    '\nRun it again after a change of the file: what is there is changed, nothing is doubled.' +
      '\nLayouts, patrols and walls are people’s once they were brought in: those are left as they are.',
  )
  .action(run);

await runProgram(program);
