import { Command } from 'commander';
import { SUITES } from '../bench/registry.ts';
import type { Figure, Suite } from '../bench/suite.ts';

function chosen(names: string[]): Suite[] {
  const known = SUITES.map((suite) => suite.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no suite "${unknown}"; expected ${known.join(', ')}`);
  return SUITES.filter((suite) => (names.length === 0 ? !suite.onlyByName : names.includes(suite.name)));
}

const number = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 });

function line({ suite, name, value, unit, peer, ratio, bar, pass }: Figure): string {
  const beside = peer === null ? '' : `  ${ratio === null ? '' : `${number(ratio)} × `}${peer}`;
  const held = bar === null ? '' : `  (bar ${number(bar)}: ${pass ? 'reached' : 'MISSED'})`;
  return `${suite.padEnd(8)}${name.padEnd(44)}${number(value).padStart(10)} ${unit}${beside}${held}`;
}

async function run(names: string[], { json, minutes }: { json?: boolean; minutes?: number }): Promise<void> {
  const figures: Figure[] = [];
  for (const suite of chosen(names)) {
    figures.push(
      ...(await suite.run(
        (text) => process.stderr.write(`${suite.name}: ${text}\n`),
        minutes === undefined ? {} : { minutes },
      )),
    );
  }
  if (json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  else for (const figure of figures) console.log(line(figure));
  if (figures.some((figure) => figure.pass === false)) process.exitCode = 1;
}

const program = new Command('mingjing bench')
  .description(
    `measure, beside a peer in the same run: ${SUITES.map(({ name, about }) => `${name} (${about})`).join('; ')}`,
  )
  .argument('[suite...]', 'which suites to run (default: all)')
  .option('--json', 'print the figures as a JSON array, and nothing else')
  .option('--minutes <n>', 'how long a suite that watches over time runs', Number)
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`mingjing bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
