import { ConfigError } from '@mingjing/contracts';
import { pino, type Logger } from 'pino';
import { Registry } from 'prom-client';
import { refuseDemoUsers } from './auth/refuseDemoUsers.ts';
import { createSessionEndings } from './auth/sessionEndings.ts';
import { createSessions } from './auth/sessions.ts';
import { systemClock as now } from './clock.ts';
import { loadConfig, type CentreConfig } from './config.ts';
import { openDirectory } from './directory.ts';
import { onEndOfLife } from './endOfLife.ts';
import { createApp } from './http/app.ts';
import { isOwnOrigin } from './http/origin.ts';
import { createIngestWriter } from './ingest/writer.ts';
import { startAll, type Running, type Step } from './lifecycle.ts';
import { closeServer, listen, newHttpServer } from './listener.ts';
import { createHub } from './live/hub.ts';
import { openLive } from './live/socket.ts';
import { startMaintenance } from './maintenance/maintenance.ts';
import { startPipeline } from './pipeline/pipeline.ts';
import { openRulebook } from './ruleset.ts';
import { openBlobStore } from './store/blobs.ts';
import { openPool } from './store/database.ts';
import { migrate } from './store/migrate.ts';

/**
 * The centre, top to bottom in the order in which it starts: the store, what is looked up, the way of
 * an event (ingest → pipeline → live), and last the door. Stopping goes the other way.
 */
async function start(config: CentreConfig, log: Logger): Promise<() => Promise<void>> {
  const { centre, database, ingest: limits } = config;
  const warn = (what: string) => (error: unknown) => log.warn({ err: error }, what);

  await migrate(database.url, (line) => log.debug({ line }, 'migrate'));
  const pool = openPool(database.url, database.poolSize, warn('an idle database connection broke'));
  const closePool: Running = { stop: () => pool.end() };
  const http = newHttpServer();
  let url = '';

  const build = async (): Promise<Step[]> => {
    await refuseDemoUsers(pool, centre.production);
    const directory = await openDirectory(pool, warn('could not read the directory; the old one stays'));
    const rulebook = await openRulebook(pool, now, warn('could not read the ruleset; the old one stays'));
    const ruleset = () => rulebook.current();
    const sessions = createSessions({ pool, now, ...centre });
    const endings = createSessionEndings({ pool, log, now });
    const hub = createHub({ db: pool, directory, now }, log);
    const writer = createIngestWriter(pool, limits.queueEvents);
    const isRegion = (code: string) => directory.region(code) !== undefined;
    const ingest = { pool, writer, isRegion, now, maxAheadMs: limits.maxAheadMinutes * 60_000 };
    const blobs = openBlobStore(centre.dataDir);
    const app = { config, pool, log, now, sessions, directory, blobs, ingest, ruleset, hub, metrics: new Registry() };
    const isAllowedOrigin = (origin: string | undefined, host: string | undefined) =>
      origin === undefined || isOwnOrigin(origin, host, centre.publicUrl);

    return [
      { name: 'directory', start: () => directory },
      { name: 'rulebook', start: () => rulebook },
      { name: 'session endings', start: () => endings.start().then(() => endings) },
      { name: 'maintenance', start: () => startMaintenance({ pool, log, now, keepDays: limits.keepDays }) },
      { name: 'live hub', start: () => hub },
      {
        name: 'pipeline',
        start: () => {
          const pipeline = startPipeline({ pool, directory, ruleset, now }, database.url, log);
          pipeline.effects.subscribe((effects) => hub.publish(effects));
          return pipeline;
        },
      },
      { name: 'ingest', start: () => ({ stop: () => writer.drain() }) },
      {
        name: 'live feed',
        start: () => {
          const live = openLive(http, { hub, sessions, endings, log, isAllowedOrigin });
          return { stop: () => live.close() };
        },
      },
      {
        name: 'http',
        start: async () => {
          http.on('request', createApp(app));
          url = await listen(http, centre.host, centre.port);
          return { stop: () => closeServer(http) };
        },
      },
    ];
  };

  const stop = await startAll([{ name: 'database', start: () => closePool }, ...(await build())], log);
  process.stdout.write(`${JSON.stringify({ event: 'listening', url })}\n`);
  return stop;
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino({ name: 'centre', level: config.centre.logLevel }, pino.destination({ fd: 2, sync: true }));
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'an unhandled rejection'));
  const starting = start(config, log);
  onEndOfLife((why) => {
    log.info({ why }, 'stopping');
    starting
      .then((stop) => stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
  await starting;
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`centre: ${error instanceof ConfigError ? '' : 'could not start: '}${message}\n`);
  process.exit(1);
});
