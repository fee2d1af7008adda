import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { RUNTIME_DIR } from '../runtime/paths.ts';

/** What `mingjing start` is told on its command line. */
export interface StartOptions {
  port?: number;
  demo: boolean;
  video: boolean;
  config?: string;
  dataDir: string;
  speed?: string;
  json: boolean;
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  throw new InvalidArgumentError('expected a port, 1 to 65535');
}

function folder(text: string): string {
  return path.resolve(text);
}

/** Reads the command line; --help and mistakes end the process. */
export function readOptions(args?: readonly string[]): StartOptions {
  const command = new Command('mingjing start')
    .description(
      'Sets up what is missing (embedded PostgreSQL and TimescaleDB, the mediasoup worker, ffmpeg, Chromium, fonts),\n' +
        'then runs the whole centre until Ctrl-C. DATABASE_URL=postgresql://… uses a server of yours instead.',
    )
    .option('--port <port>', 'where the centre listens (default: centre.port, or 8080)', port)
    .option('--no-demo', 'no demo city: neither seeded nor played')
    .option('--no-video', 'no media host')
    .option('--config <file>', 'the configuration (default: mingjing.yaml when there is one)', folder)
    .option('--data-dir <folder>', 'where data, logs and secrets are kept', folder, RUNTIME_DIR)
    .option('--speed <speed>', 'how fast the demo city is played, see mingjing simulate --help')
    .option('--json', 'print one line of JSON when all is running, instead of words', false);
  command.parse(args, args ? { from: 'user' } : undefined);
  return command.opts<StartOptions>();
}
