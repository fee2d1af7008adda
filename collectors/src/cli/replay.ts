import { Command } from 'commander';
import { pino } from 'pino';
import { loadConfig } from '../config.ts';
import { messageOf } from '../outbox/index.ts';
import * as parse from '../replay/options.ts';
import { explanationTable } from '../replay/explain.ts';
import { replay, type Replayed } from '../replay/replay.ts';

function print(report: Replayed, json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify(report));
    return;
  }
  const row = (name: string, { total, overdue }: { total: number; overdue: number }): string =>
    `  ${name.padEnd(14)}${String(total).padStart(8)}${String(overdue).padStart(10)}`;
  const { closed, open } = report;
  const both = { total: closed.total + open.total, overdue: closed.overdue + open.overdue };
  console.log(`${report.cases} cases, ${report.events} events\n`);
  console.log(`  ${''.padEnd(12)}   cases   overdue`);
  console.log([row('已办结 closed', closed), row('在办 open', open), row('合计 all', both)].join('\n'));
  if (report.explanation) console.log(`\n${explanationTable(report.explanation)}`);
}

async function run(file: string, options: parse.ReplayOptions): Promise<void> {
  const config = loadConfig();
  const ends = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ends.abort());
  const report = await replay(file, options, {
    log: pino({ name: 'replay', level: 'warn' }, pino.destination({ fd: 2, sync: true })),
    say: (line) => console.error(line),
    signal: ends.signal,
    centreUrl: config.centreUrl,
    token: config.token,
    source: config.source,
  });
  if (ends.signal.aborted) throw new Error('interrupted');
  print(report, options.json);
}

const program = new Command('mingjing replay')
  .description(
    'send a log (XES, plain or .gz, or CSV) through collector, ingest, store and rules, and count what is overdue',
  )
  .argument('<file>', 'the log')
  .option('--mapping <file>', 'what the log means (default: the first of collectors/mappings/ that fits)')
  .option('--speed <n>', 'how many seconds of the log pass in one, or max', parse.parseSpeed, Infinity)
  .option('--clock <clock>', "deadline or working-days:N (default: the mapping's)", parse.parseClock)
  .option('--calendar <name>', 'weekdays, or cn: the working days of the State Council', parse.parseCalendar)
  .option('--zone <zone>', 'IANA zone in which days are counted', parse.parseZone)
  .option('--region <code>', "the region of the cases (default: the mapping's)", parse.parseRegion)
  .option(
    '--as-of <time>',
    'when open cases are judged (default: the last event of the log)',
    parse.parseAsOf,
  )
  .option('--ephemeral', 'use a centre and a database that are started for this and removed after it')
  .option('--centre <url>', 'the running centre (default: centreUrl of the configuration)')
  .option('--source <id>', 'the source that the token belongs to')
  .option('--token <token>', 'its token (or MINGJING_COLLECTORS_TOKEN)')
  .option('--explain <case>', 'also print the day-by-day arithmetic of this case of the log')
  .option('--json', 'print the result as JSON')
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`mingjing replay: ${messageOf(error)}`);
  process.exitCode = 1;
}
