import { Argument, Command } from 'commander';
import type { Check } from '../check/check.ts';
import { docs } from '../check/docs.ts';
import { licences } from '../check/licences.ts';
import { rulePages } from '../check/rule-pages.ts';
import { schema } from '../check/schema.ts';
import { deadExports, format, lint, types, vueTypes } from '../check/tools.ts';

/** Every check. Adding one is a file in scripts/check/ and a word here. */
const CHECKS: readonly Check[] = [
  types,
  vueTypes,
  lint,
  format,
  deadExports,
  licences,
  schema,
  docs,
  rulePages,
];

interface Verdict {
  name: string;
  pass: boolean;
  seconds: number;
  message: string | null;
}

/** Runs a check; that it fails is its result, not an error. */
async function judge(check: Check): Promise<Verdict> {
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;
  try {
    await check.run();
    return { name: check.name, pass: true, seconds: seconds(), message: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name: check.name, pass: false, seconds: seconds(), message };
  }
}

function spoken({ name, pass, seconds, message }: Verdict): string {
  const line = `${pass ? '✔' : '✖'} ${name} (${seconds} s)`;
  return message === null ? line : `${line}\n${message.replace(/^/gm, '    ')}`;
}

async function run(names: string[], { json }: { json: boolean }): Promise<void> {
  const chosen = CHECKS.filter(({ name }) => names.length === 0 || names.includes(name));
  const verdicts: Verdict[] = [];
  for (const check of chosen) {
    const verdict = await judge(check);
    verdicts.push(verdict);
    if (!json) console.log(spoken(verdict));
  }
  const failed = verdicts.filter(({ pass }) => !pass).length;
  if (json) console.log(JSON.stringify(verdicts));
  else console.log(`${verdicts.length - failed} checks passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

await new Command('mingjing check')
  .description('Checks the whole checkout. All checks run, also when one fails.')
  .addArgument(new Argument('[checks...]', 'only these').choices(CHECKS.map(({ name }) => name)))
  .option('--json', 'print the verdicts as JSON', false)
  .addHelpText('after', `\n${CHECKS.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n')}`)
  .action(run)
  .parseAsync();
