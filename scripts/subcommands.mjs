/**
 * Every sub-command of mingjing: the file that does it, and one line of help.
 * Adding a sub-command is one file and one line here.
 */
export const SUBCOMMANDS = {
  start: { entry: 'scripts/commands/start.ts', help: 'set up what is missing, then run the whole centre' },
  test: { entry: 'scripts/commands/test.ts', help: 'set up what tests need, then run them all' },
  check: {
    entry: 'scripts/commands/check.ts',
    help: 'types, lint, format, dead exports, licences, schema, docs, rule pages',
  },
  bench: { entry: 'scripts/commands/bench.ts', help: 'measure, beside a peer in the same run' },
  doctor: {
    entry: 'scripts/commands/doctor.ts',
    help: 'what is found, missing or wrong here, and how to mend it',
  },
  migrate: {
    entry: 'center-server/src/cli/migrate.ts',
    help: "bring a database's schema up to date, or dump it",
  },
  seed: { entry: 'center-server/src/cli/seed.ts', help: 'fill a database with a city from a file' },
  user: { entry: 'center-server/src/cli/user.ts', help: 'add, list and change users' },
  source: { entry: 'center-server/src/cli/source.ts', help: 'add, list and revoke sources and their tokens' },
  report: { entry: 'center-server/src/cli/report.ts', help: 'figures of cases and what is overdue' },
  route: {
    entry: 'center-server/src/cli/route.ts',
    help: 'a dry run: who is told of an alert, when, and why',
  },
  backtest: {
    entry: 'center-server/src/cli/backtest.ts',
    help: 'run a changed ruleset over stored history and show what it would issue otherwise',
  },
  ruleset: {
    entry: 'center-server/src/cli/ruleset.ts',
    help: 'list, show, check and publish the versions of the ruleset',
  },
  calendar: {
    entry: 'center-server/src/cli/calendar.ts',
    help: 'list the working calendar, and enter the notice of a year',
  },
  docs: { entry: 'center-server/src/cli/docs.ts', help: 'write a page for each rule from the rule itself' },
  audit: { entry: 'center-server/src/cli/audit.ts', help: 'check that the audit log is whole' },
  clip: {
    entry: 'center-server/src/cli/clip.ts',
    help: 'check an exported clip against its signed manifest',
  },
  clock: {
    entry: 'center-server/src/cli/clock.ts',
    help: 'tell when clocks are due, from JSON lines, with the days that count',
  },
  replay: {
    entry: 'collectors/src/cli/replay.ts',
    help: 'send a log file through collector, ingest, store, rules',
  },
  'screen-agent': {
    entry: 'collectors/src/cli/screenAgent.ts',
    help: 'on a counter’s terminal: send what the clerk’s Chromium shows, masked',
  },
  simulate: { entry: 'collectors/src/cli/simulate.ts', help: 'play the working days of the demo city' },
};
