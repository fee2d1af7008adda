import { newSourceSchema, type CreatedSource, type SourceState } from '@mingjing/contracts';
import { Command, Option } from 'commander';
import { addSource, endSource, rotateToken } from '../auth/sourceTokens.ts';
import { ProblemError } from '../http/problems.ts';
import { sourceStates } from '../read/tiles.ts';
import { inTransaction } from '../store/database.ts';
import { getRegion } from '../store/lookups/getRegion.ts';
import { checked, commandLineActor, runProgram, withDatabase } from './support.ts';

interface Common {
  json?: boolean;
}

interface AddOptions extends Common {
  id: string;
  name: string;
  kind: string;
  region: string;
  expectEvery: string;
}

function showToken(created: CreatedSource, { json }: Common): void {
  if (json) console.log(JSON.stringify(created));
  else console.log(`${created.id}\ntoken: ${created.token}  (shown this once)`);
}

function add(options: AddOptions) {
  const { id, name, kind, region } = options;
  const source = checked(newSourceSchema, {
    id,
    name,
    kind,
    region,
    expectEverySeconds: Number(options.expectEvery),
  });
  return withDatabase(async (pool) => {
    if (!(await getRegion(pool, region)))
      throw new ProblemError('invalid', `--region: there is no ${region}`);
    showToken(await inTransaction(pool, (client) => addSource(client, commandLineActor(), source)), options);
  });
}

function lineOf({ id, name, kind, region, lastSeenAt, silent, disabled }: SourceState): string {
  const seen =
    lastSeenAt === null ? 'never heard from' : `last heard from ${new Date(lastSeenAt).toISOString()}`;
  return `${id}  ${name}, ${kind}, ${region}, ${seen}${silent ? ', silent' : ''}${disabled ? ', disabled' : ''}`;
}

async function list({ json }: Common) {
  const sources = await withDatabase((pool) => sourceStates(pool, '%'));
  if (json) console.log(JSON.stringify(sources));
  else for (const source of sources) console.log(lineOf(source));
}

function disable(id: string, { json }: Common) {
  return withDatabase(async (pool) => {
    await inTransaction(pool, (client) => endSource(client, commandLineActor(), id));
    console.log(json ? JSON.stringify({ id, disabled: true }) : `${id} is disabled.`);
  });
}

function rotate(id: string, options: Common) {
  return withDatabase(async (pool) => {
    showToken(await inTransaction(pool, (client) => rotateToken(client, commandLineActor(), id)), options);
  });
}

const program = new Command('mingjing source').description(
  'add, list and disable sources, and change their tokens',
);
const json = () => new Option('--json', 'print JSON');

program
  .command('add')
  .description('add a source of observations and print its token, this once')
  .requiredOption('--id <id>', 'its id: letters, digits, dots, dashes, underscores')
  .requiredOption('--name <name>', 'what people call it')
  .requiredOption('--kind <kind>', 'what it is: http-push, xes, csv, collectors, media…')
  .requiredOption('--region <code>', 'the region whose subtree it may report on')
  .option('--expect-every <seconds>', 'silence longer than this raises an alert; 0 never does', '0')
  .addOption(json())
  .action(add);
program
  .command('list')
  .description('list the sources and when each was heard from last')
  .addOption(json())
  .action(list);
program
  .command('disable <id>')
  .description('refuse the token of a source from now on; what it sent stays')
  .addOption(json())
  .action(disable);
program
  .command('rotate <id>')
  .description('give a source a new token, print it this once, and refuse the old one')
  .addOption(json())
  .action(rotate);

await runProgram(program);
