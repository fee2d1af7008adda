import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { pino } from 'pino';
import { loadConfig } from '../config.ts';
import { appendWhenRoom, Centre, messageOf, Outbox, Sender } from '../outbox/index.ts';
import { ScreenAgent } from '../screen-agent/agent.ts';
import { Orders } from '../screen-agent/orders.ts';

interface Options {
  cdp: string;
  centre?: string;
  token?: string;
  outbox?: string;
}

/** The clerk's browser must be on this machine: its debugging port opens everything in it. @throws Error */
function checkLocal(cdp: string): void {
  const host = URL.canParse(cdp) ? new URL(cdp).hostname : '';
  if (/^(127\.[\d.]+|localhost|\[::1\])$/.test(host)) return;
  throw new Error(`--cdp: ${cdp}: expected an address of this machine, http://127.0.0.1:9222`);
}

async function run(options: Options): Promise<void> {
  const config = loadConfig();
  const token = options.token ?? config.token;
  if (token === undefined)
    throw new Error('the screen’s token is missing: --token or MINGJING_COLLECTORS_TOKEN');
  checkLocal(options.cdp);
  const log = pino({ name: 'screen-agent', level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  const ends = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ends.abort());
  const folder = options.outbox ?? config.outboxDir;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const outbox = new Outbox({ file: join(folder, 'screen-agent.sqlite'), maxBytes: config.outboxMaxBytes });
  const centre = new Centre({ url: options.centre ?? config.centreUrl, token });
  const sender = new Sender({ outbox, centre, log });
  const orders = new Orders(join(folder, 'screen-agent.json'), log);
  const agent = new ScreenAgent({
    ...{ cdp: options.cdp, orders, log },
    deliver: (items) => appendWhenRoom(outbox, items, log, ends.signal),
  });
  sender.start();
  await Promise.all([orders.follow(centre, ends.signal), agent.run(ends.signal)]);
  await sender.stop();
  outbox.close();
}

const program = new Command('mingjing screen-agent')
  .description(
    'on a counter’s terminal: send what the clerk’s own Chromium shows, masked, to the centre. ' +
      'Start Chromium with --remote-debugging-port=9222 --remote-debugging-address=127.0.0.1',
  )
  .option('--cdp <url>', 'debugging port of the clerk’s Chromium', 'http://127.0.0.1:9222')
  .option('--centre <url>', 'the centre (default: collectors.centreUrl)')
  .option('--token <token>', 'the screen’s own token (default: collectors.token, MINGJING_COLLECTORS_TOKEN)')
  .option('--outbox <folder>', 'where pictures wait while the centre is away (default: collectors.outboxDir)')
  .action(run);
try {
  await program.parseAsync();
} catch (error) {
  console.error(`mingjing screen-agent: ${messageOf(error)}`);
  process.exitCode = 1;
}
