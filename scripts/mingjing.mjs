#!/usr/bin/env node
/**
 * The mingjing command. Any Node ≥ 20 can run this file; it needs nothing installed. It installs the dependencies
 * when they are missing or out of date, then runs the sub-command's file with the project's own Node 24.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SUBCOMMANDS } from './subcommands.mjs';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(PROJECT, 'node_modules', '.bin');
const NODE_NEEDED = 24;
/** How often to look whether npm, which started us, is still there. */
const PARENT_CHECK_MS = 500;

function fail(message) {
  process.stderr.write(`mingjing: ${message}\n`);
  process.exit(1);
}

function help() {
  const width = Math.max(...Object.keys(SUBCOMMANDS).map((name) => name.length)) + 2;
  const lines = Object.entries(SUBCOMMANDS).map(([name, { help: text }]) => `  ${name.padEnd(width)}${text}`);
  return [
    '明镜 Mingjing: a command centre that supervises administrative power while it is being used.',
    '',
    'Usage: mingjing COMMAND [options]      (in a checkout: npm run -s mingjing -- COMMAND [options])',
    '',
    ...lines,
    '',
    'mingjing COMMAND --help tells the options of a command.',
    '',
  ].join('\n');
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** The first package that node_modules lacks, or has in another version than package-lock.json says. */
function outOfDate() {
  const wanted = readLock(join(PROJECT, 'package-lock.json'));
  const installed = readLock(join(PROJECT, 'node_modules', '.package-lock.json'));
  if (wanted === undefined)
    fail(`${join(PROJECT, 'package-lock.json')} is missing: is this a whole checkout?`);
  if (installed === undefined) return 'node_modules';
  return Object.entries(wanted)
    .filter(([path]) => path.startsWith('node_modules/') || path.includes('/node_modules/'))
    .filter(([path, entry]) => !entry.optional || installed[path] !== undefined)
    .find(([path, entry]) => installed[path]?.version !== entry.version)?.[0];
}

/** Runs npm; its progress goes to the error stream, because some commands' output is read by machines. */
function npm(args, stdio = ['ignore', 2, 2]) {
  const [command, ...before] = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return spawnSync(command, [...before, ...args, ...quiet], { cwd: PROJECT, stdio });
}

/**
 * A lock file that was made where other platforms' optional packages were not to be had is refused by npm ci,
 * but not by npm install, which takes the same versions from it.
 */
function installArguments() {
  return npm(['ci', '--dry-run'], 'ignore').status === 0 ? ['ci'] : ['install', '--no-save'];
}

function install(reason) {
  const started = Date.now();
  process.stderr.write(`Installing the dependencies (${reason} is missing or old; about a minute) …\n`);
  const ran = npm(installArguments());
  if (ran.status !== 0) {
    fail(`the dependencies could not be installed: ${ran.error?.message ?? `npm ended with ${ran.status}`}`);
  }
  process.stderr.write(`Installed the dependencies (${((Date.now() - started) / 1000).toFixed(0)} s)\n`);
}

/** The project's own Node 24 from npm, or the running one where it is new enough. */
function findNode() {
  const own = join(BIN, 'node');
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  if (Number(process.versions.node.split('.')[0]) >= NODE_NEEDED) return process.execPath;
  return fail(
    `Node ${NODE_NEEDED} is needed; this is ${process.version}, and npm has none for ` +
      `${process.platform}-${process.arch}. Install Node ${NODE_NEEDED} from https://nodejs.org and try again.`,
  );
}

/**
 * Commands that work on the database use the one of a running `mingjing start`, unless they are told another.
 */
function runningDatabase() {
  const file = join(PROJECT, '.runtime', 'running.json');
  const told = process.env.DATABASE_URL ?? process.env.MINGJING_DATABASE_URL;
  if (told !== undefined || !existsSync(file)) return {};
  return { MINGJING_DATABASE_URL: JSON.parse(readFileSync(file, 'utf8')).databaseUrl };
}

/** Runs the file in our place: same streams, same signals, same end. */
function run(node, entry, args) {
  const database = entry.startsWith('scripts/') ? {} : runningDatabase();
  const child = spawn(node, [join(PROJECT, entry), ...args], {
    // the channel tells the command that we have died, even by kill -9
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...database, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) watchParent(child);
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Our parent, and its parent where there is a /proc: npm starts us by a shell between it and us. */
function ancestors() {
  const parent = process.ppid;
  const file = `/proc/${parent}/stat`;
  const stat = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return `${parent} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2] ?? ''}`;
}

/** Under npm: when npm is gone, nobody is left to stop us. */
function watchParent(child) {
  const before = ancestors();
  setInterval(() => {
    if (ancestors() !== before) child.kill('SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

function main() {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help());
    return;
  }
  const command = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (command === undefined) {
    fail(`unknown command "${name}"; expected one of ${Object.keys(SUBCOMMANDS).join(', ')}`);
  }
  const reason = outOfDate();
  if (reason !== undefined) install(reason);
  if (!existsSync(join(PROJECT, command.entry)))
    fail(`${name}: ${command.entry} is missing from this checkout`);
  run(findNode(), command.entry, args);
}

main();
