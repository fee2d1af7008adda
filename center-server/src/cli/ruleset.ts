import { ConfigError, rulesetSchema, type RulesetDraft, type RulesetVersion } from '@mingjing/contracts';
import { Command, Option } from 'commander';
import { checkRuleset, publish, readRuleset, rulesetVersions } from '../administer/rulesets.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { checked, commandLineOffice, readFileAs, runProgram, withDatabase } from './support.ts';

interface Common {
  json?: boolean;
}

interface PublishOptions extends Common {
  note: string;
  from?: string;
  base?: string;
}

function lineOf({ version, inForce, effectiveFrom, createdBy, note }: RulesetVersion): string {
  const from = effectiveFrom === 0 ? 'always' : new Date(effectiveFrom).toISOString();
  return `${version}${inForce ? ' (in force)' : ''}  from ${from}, by ${createdBy}${note === '' ? '' : `: ${note}`}`;
}

async function list({ json }: Common): Promise<void> {
  const versions = await withDatabase((pool) => rulesetVersions(pool, commandLineOffice()));
  if (json) console.log(JSON.stringify(versions));
  else for (const version of versions) console.log(lineOf(version));
}

function versionOf(text: string): number {
  const version = Number(text);
  if (Number.isInteger(version) && version > 0) return version;
  throw new ConfigError(`version: "${text}": expected the number of a version`);
}

async function show(version: string | undefined, { json }: Common): Promise<void> {
  const found = await withDatabase(async (pool) => {
    const office = commandLineOffice();
    const inForce = (await rulesetVersions(pool, office)).find((one) => one.inForce)?.version ?? 1;
    return readRuleset(pool, office, version === undefined ? inForce : versionOf(version));
  });
  if (!json) console.error(lineOf(found));
  console.log(JSON.stringify(json ? found : found.body, null, json ? 0 : 2));
}

/** The file's ruleset as a draft; the version in it, where there is one, is what it was made from. */
async function draftOf(pool: Pool, file: string, options: Partial<PublishOptions>): Promise<RulesetDraft> {
  const read = checked(rulesetSchema.partial({ version: true }), await readFileAs(file));
  const { version, ...body } = read;
  const [latest] = await rulesetVersions(pool, commandLineOffice());
  const base = options.base === undefined ? (version ?? latest?.version ?? 0) : versionOf(options.base);
  const { note = '', from } = options;
  return { base, note, body, ...(from !== undefined && { effectiveFrom: from }) };
}

async function check(file: string, { json }: Common): Promise<void> {
  await withDatabase(async (pool) => checkRuleset(pool, commandLineOffice(), await draftOf(pool, file, {})));
  console.log(json ? JSON.stringify({ ok: true }) : `${file} can be published.`);
}

async function publishFile(file: string, options: PublishOptions): Promise<void> {
  const published = await withDatabase(async (pool) => {
    const draft = await draftOf(pool, file, options);
    return inTransaction(pool, (client) => publish(client, commandLineOffice(), draft));
  });
  const { body: _, ...version } = published;
  console.log(options.json ? JSON.stringify(version) : lineOf(published));
}

const program = new Command('mingjing ruleset').description('list, show, check and publish rulesets');
const json = () => new Option('--json', 'print JSON');

program.command('list').description('list the versions of the ruleset').addOption(json()).action(list);
program
  .command('show [version]')
  .description('print a version, the one in force unless told: a file to change and publish')
  .addOption(json())
  .action(show);
program
  .command('check <file>')
  .description('check a ruleset as publishing it would, and publish nothing; exit 1 when it is wrong')
  .addOption(json())
  .action(check);
program
  .command('publish <file>')
  .description('publish a ruleset (JSON or YAML); open cases are judged anew')
  .option('--note <text>', 'why', '')
  .option('--from <time>', 'when it takes effect, such as 2026-12-01T00:00:00+08:00; without it, at once')
  .option('--base <version>', 'the version it was made from; without it, the one that stands in the file')
  .addOption(json())
  .action(publishFile);

await runProgram(program);
