import { readFile } from 'node:fs/promises';
import {
  backtestRequestSchema,
  ConfigError,
  type BacktestCount,
  type BacktestDifference,
  type BacktestResult,
} from '@mingjing/contracts';
import { Command } from 'commander';
import { parse } from 'yaml';
import { jobOf } from '../backtest/request.ts';
import { runBacktest } from '../backtest/runBacktest.ts';
import { systemClock } from '../clock.ts';
import { loadDatabaseConfig } from '../config.ts';
import { getRegion } from '../store/lookups/getRegion.ts';
import { checked, runProgram, withDatabase } from './support.ts';

interface Options {
  ruleset: string;
  from: string;
  to: string;
  region?: string;
  json?: boolean;
}

/** Differences of either kind that are printed; --json has all that are kept. */
const SHOWN = 10;

async function readRuleset(file: string): Promise<unknown> {
  try {
    // JSON is YAML.
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The region asked for, or the highest one there is. */
async function regionOf(asked: string | undefined): Promise<string> {
  return withDatabase(async (pool) => {
    if (asked !== undefined) {
      if (!(await getRegion(pool, asked))) throw new ConfigError(`region: there is no region ${asked}`);
      return asked;
    }
    const found = await pool.query<{ code: string }>(
      'SELECT code FROM region WHERE parent IS NULL ORDER BY code',
    );
    const [highest, another] = found.rows;
    if (!highest) throw new ConfigError('region: the database has no region yet');
    if (another) throw new ConfigError(`region: there is no single highest region: name one with --region`);
    return highest.code;
  });
}

function countLine({ name, issued, would, more, fewer }: BacktestCount): string {
  const number = (value: number) => String(value).padStart(9);
  return `  ${name.padEnd(26)}${number(issued)}${number(would)}${number(more)}${number(fewer)}`;
}

function differenceLine({ rung, rule, caseNo, at, reason }: BacktestDifference): string {
  return `  ${caseNo}  ${rung ?? rule}  ${new Date(at).toISOString()}  ${reason.zh}`;
}

function print(result: BacktestResult): void {
  const { events, cases, tookMs, counts, more, fewer } = result;
  console.log(`${events} events of ${cases} cases in ${(tookMs / 1000).toFixed(1)} s`);
  console.log(
    `  ${''.padEnd(26)}${'issued'.padStart(9)}${'would'.padStart(9)}${'more'.padStart(9)}${'fewer'.padStart(9)}`,
  );
  for (const count of counts) console.log(countLine(count));
  for (const [name, list] of [
    ['more', more],
    ['fewer', fewer],
  ] as const) {
    if (list.length === 0) continue;
    console.log(`${name}:`);
    for (const one of list.slice(0, SHOWN)) console.log(differenceLine(one));
    if (list.length > SHOWN) console.log('  … (all with --json)');
  }
}

async function run({ ruleset, from, to, region, json }: Options): Promise<void> {
  const body = await readRuleset(ruleset);
  const request = checked(backtestRequestSchema, { body, from, to, ...(region && { region }) });
  const job = jobOf(request, await regionOf(region), systemClock());
  const cancelled = new AbortController();
  process.once('SIGINT', () => cancelled.abort());
  let told = 0;
  const result = await runBacktest(loadDatabaseConfig().url, job, {
    signal: cancelled.signal,
    onProgress: ({ events, total }) => {
      const share = total === 0 ? 0 : Math.floor((events / total) * 10);
      if (share <= told) return;
      told = share;
      process.stderr.write(`mingjing backtest: ${events} of ${total} events\n`);
    },
  });
  if (json) console.log(JSON.stringify(result));
  else print(result);
}

const program = new Command('mingjing backtest')
  .description('run a changed ruleset over stored history and show the difference to what was issued')
  .requiredOption('--ruleset <file>', 'the ruleset to try, JSON or YAML, without a version')
  .requiredOption(
    '--from <time>',
    'compare what became true from this instant on, e.g. 2026-01-01T00:00:00+08:00',
  )
  .requiredOption('--to <time>', 'up to, not including, this instant')
  .option('--region <code>', 'only cases of this region and all below')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    '\nNothing is changed: it reads one snapshot on a connection of its own. Ctrl-C calls it off.',
  )
  .action(run);

await runProgram(program);
