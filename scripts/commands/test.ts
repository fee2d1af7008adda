import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { aptInstall } from '../runtime/apt.ts';
import { installWorker } from '../runtime/mediasoup/install.ts';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { createSteps } from '../runtime/steps.ts';
import { TEST_PACKAGES } from '../runtime/test-packages.ts';
import { buildTimescale } from '../runtime/timescale/install.ts';
import { buildWebWall } from '../start/web-wall.ts';

const HELP = `Usage: mingjing test [jest options and files…]

Sets up what tests need (TimescaleDB, the mediasoup worker, Chromium, ffmpeg, an RTSP server, the built pages),
then runs them with Jest: all of them, or those that the arguments name. The last line counts them.

  --no-setup   run Jest at once
  -h, --help   display help for command
`;

/** What counts are taken from in Jest's own result file. */
const resultSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});

async function setUp(): Promise<void> {
  const steps = createSteps();
  await steps.step('Debian packages for tests', (onLine) => aptInstall(TEST_PACKAGES, onLine));
  await steps.step('TimescaleDB', buildTimescale);
  await steps.step('mediasoup worker', installWorker);
  await steps.step('pages', buildWebWall);
}

/** Runs Jest in a process of its own. @returns its exit code */
function jest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const file = path.join(PROJECT_DIR, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [file, ...args], { cwd: PROJECT_DIR, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.on('disconnect', () => child.kill('SIGTERM'));
  process.channel?.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The counts of a result file, as one line. A file that could not even be loaded counts as a failure. */
function countsLine(result: unknown): string {
  const counted = resultSchema.parse(result);
  const failed = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
  return `${counted.numPassedTests} passed, ${failed} failed, ${counted.numPendingTests + counted.numTodoTests} skipped`;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  if (!args.includes('--no-setup')) await setUp();
  const dir = mkdtempSync(path.join(tmpdir(), 'mingjing-results-'));
  const file = path.join(dir, 'jest.json');
  const own = ['--json', `--outputFile=${file}`, '--forceExit', '--reporters=default'];
  const env = {
    ...process.env,
    // vm modules are how Jest runs ES modules; that they are experimental is known
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
  try {
    const code = await jest([...args.filter((arg) => arg !== '--no-setup'), ...own], env);
    process.stdout.write(`${countsLine(JSON.parse(readFileSync(file, 'utf8')))}\n`);
    process.exitCode = code;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`mingjing test: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
