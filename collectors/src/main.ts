import { join } from 'node:path';
import { ConfigError } from '@mingjing/contracts';
import { pino, type Logger } from 'pino';
import { loadConfig, type CollectorsConfig, type KindEntry } from './config.ts';
import { beat } from './kinds/heartbeat.ts';
import type { Collector, KindContext } from './kinds/kind.ts';
import { Centre, messageOf, Outbox, Sender } from './outbox/index.ts';
import { kindNames, kindOf } from './registry.ts';

/** What is collected under one source: its outbox on disk and the sender that empties it. */
interface SourceLine {
  context: KindContext;
  sender: Sender;
}

/** Things that were started, to be ended the other way round. */
type Ending = () => Promise<unknown>;

function tokenOf(entry: KindEntry, config: CollectorsConfig): string {
  const token = entry.token ?? config.token;
  if (token !== undefined) return token;
  throw new ConfigError(
    'collectors.token is missing: mingjing source add prints one (or MINGJING_COLLECTORS_TOKEN)',
  );
}

/** Opens the outbox of each source, and the way from it to the centre. */
function openSources(config: CollectorsConfig, log: Logger, signal: AbortSignal, endings: Ending[]) {
  const lines = new Map<string, SourceLine>();
  for (const entry of [{ kind: 'heartbeat' }, ...config.kinds] as KindEntry[]) {
    const source = entry.source ?? config.source;
    if (lines.has(source)) continue;
    const file = join(config.outboxDir, `${source}.sqlite`);
    const outbox = new Outbox({ file, maxBytes: config.outboxMaxBytes });
    const centre = new Centre({ url: config.centreUrl, token: tokenOf(entry, config) });
    const sender = new Sender({ outbox, centre, log: log.child({ source }) });
    endings.push(async () => {
      await sender.stop();
      outbox.close();
    });
    lines.set(source, {
      context: { source, outbox, centre, config, log: log.child({ source }), signal },
      sender,
    });
  }
  return lines;
}

async function startKind(entry: KindEntry, line: SourceLine): Promise<Collector> {
  const { kind: name, ...rest } = entry;
  const kind = kindOf(name);
  if (!kind)
    throw new ConfigError(
      `collectors.kinds: unknown kind "${name}"; expected one of ${kindNames().join(', ')}`,
    );
  // These two are of every kind, and have been used; the others are the kind's own.
  const values = Object.fromEntries(
    Object.entries(rest).filter(([key]) => key !== 'source' && key !== 'token'),
  );
  return kind.start(values, { ...line.context, log: line.context.log.child({ kind: name }) });
}

/**
 * The collectors, in the order in which they start: the outboxes, their senders, heartbeats, then every
 * kind of the configuration. Ending goes the other way; what waits stays on disk.
 */
async function start(config: CollectorsConfig, log: Logger): Promise<() => Promise<void>> {
  const ends = new AbortController();
  const endings: Ending[] = [];
  const stop = async (): Promise<void> => {
    ends.abort();
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const lines = openSources(config, log, ends.signal, endings);
    for (const { sender, context } of lines.values()) {
      sender.start();
      const beating = beat(context);
      endings.push(() => beating);
    }
    const urls: Record<string, string> = {};
    for (const entry of config.kinds) {
      const line = lines.get(entry.source ?? config.source);
      if (!line) throw new Error(`no outbox for ${entry.kind}`);
      const collector = await startKind(entry, line);
      collector.done.catch((error: unknown) =>
        log.error({ err: error, kind: entry.kind }, 'a collector ended'),
      );
      endings.push(() => collector.done);
      if (collector.url !== undefined) urls[entry.kind] = collector.url;
    }
    const kinds = config.kinds.map(({ kind }) => kind);
    process.stdout.write(`${JSON.stringify({ event: 'listening', url: urls['http-push'] ?? '', kinds })}\n`);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino({ name: 'collectors', level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'an unhandled rejection'));
  const starting = start(config, log);
  const end = (why: string): void => {
    log.info({ why }, 'stopping');
    starting
      .then((stop) => stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  process.once('disconnect', () => end('the parent has gone'));
  await starting;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `collectors: ${error instanceof ConfigError ? '' : 'could not start: '}${messageOf(error)}\n`,
  );
  process.exit(1);
});
