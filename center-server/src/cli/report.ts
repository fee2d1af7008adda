import { Command } from 'commander';
import { parseInstant } from '@mingjing/contracts';
import { loadDatabaseConfig } from '../config.ts';
import { overdueReport } from '../read/overdueReport.ts';
import { openPool } from '../store/database.ts';

interface Options {
  source: string;
  asOf?: string;
  json?: boolean;
}

async function run({ source, asOf, json }: Options): Promise<void> {
  const pool = openPool(loadDatabaseConfig().url, 2, (error) =>
    console.error(`mingjing report: ${error.message}`),
  );
  try {
    const at = asOf === undefined ? Date.now() : parseInstant(asOf);
    const report = await overdueReport(pool, { sourceId: source, asOf: at });
    if (json) {
      console.log(JSON.stringify(report));
      return;
    }
    console.log(
      `As of ${new Date(at).toISOString()}, source ${source}: ${report.cases} cases, ${report.events} events`,
    );
    console.log(`  closed  ${report.closed.total}, of them overdue ${report.closed.overdue}`);
    console.log(`  open    ${report.open.total}, of them overdue ${report.open.overdue}`);
  } finally {
    await pool.end();
  }
}

const program = new Command('mingjing report')
  .description('count the cases of a source, and how many are overdue')
  .requiredOption('--source <id>', 'the source whose cases are counted')
  .option(
    '--as-of <time>',
    'the instant at which open cases are judged (default: now), e.g. 2026-11-22T09:41:07+08:00',
  )
  .option('--json', 'print the report as JSON')
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`mingjing report: ${error.message}`);
  process.exitCode = 1;
}
