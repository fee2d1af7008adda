import { ConfigError } from '@mingjing/contracts';
import { pino, type Logger } from 'pino';
import { Registry } from 'prom-client';
import { startAlerting } from './alerting/alerting.ts';
import { refuseDemoUsers } from './auth/refuseDemoUsers.ts';
import { createSessionEndings } from './auth/sessionEndings.ts';
import { createSessions } from './auth/sessions.ts';
import { Backtests } from './backtest/backtests.ts';
import { settleCredentials } from './cameras/settle.ts';
import { openVault } from './cameras/vault.ts';
import { systemClock as now } from './clock.ts';
import { loadConfig, type CentreConfig } from './config.ts';
import { openDirectory } from './directory.ts';
import { onEndOfLife } from './endOfLife.ts';
import { createApp } from './http/app.ts';
import { isOwnOrigin } from './http/origin.ts';
import { createIngestWriter } from './ingest/writer.ts';
import { startAll, type Step } from './lifecycle.ts';
import { closeServer, listen, newHttpServer } from './listener.ts';
import { createHub } from './live/hub.ts';
import { openLive } from './live/socket.ts';
import { startMaintenance } from './maintenance/maintenance.ts';
import { CatchUp } from './pipeline/catchUp.ts';
import type { Effects } from './pipeline/effects.ts';
import { startPipeline } from './pipeline/pipeline.ts';
import { startProfiling } from './profiles/profiling.ts';
import { openRulebook } from './rulebook.ts';
import { openClipSigner } from './clips/signing.ts';
import { openBlobStore } from './store/blobs.ts';
import { databaseError, openPool, type Pool } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { createWalls } from './walls/walls.ts';
import { RecentCommits } from './store/observations/recentCommits.ts';

const warning = (log: Logger, what: string) => (error: unknown) => log.warn({ err: error }, what);

/** Builds the centre's parts on an open store; nothing runs yet but what is looked up. */
async function build(config: CentreConfig, pool: Pool, log: Logger) {
  const { centre, ingest: limits } = config;
  await refuseDemoUsers(pool, centre.production);
  const directory = await openDirectory(
    pool,
    warning(log, 'could not read the directory; the old one stays'),
  );
  const rulebook = await openRulebook(
    pool,
    now,
    warning(log, 'could not read the ruleset; the old one stays'),
  );
  const sessions = createSessions({ pool, now, ...centre });
  const hub = createHub({ db: pool, directory, now }, log);
  const walls = createWalls({ pool, log, now });
  /** What has changed is told to whoever looks, and walls see at once whether an alert is for them. */
  const tell = (effects: Effects) => {
    hub.publish(effects);
    if (effects.alerts.length > 0) walls.nudge();
  };
  const recent = new RecentCommits();
  const writer = createIngestWriter(pool, limits.queueEvents, recent);
  const isRegion = (code: string) => directory.region(code) !== undefined;
  const ingest = { pool, writer, isRegion, now, maxAheadMs: limits.maxAheadMinutes * 60_000 };
  const blobs = openBlobStore(centre.dataDir);
  const backtests = new Backtests(config.database.url, log);
  const metrics = new Registry();
  const vault = openVault(centre.credentialsKey, centre.oldCredentialsKeys);
  await settleCredentials(pool, vault, log);
  const app = createApp({
    config,
    pool,
    log,
    now,
    sessions,
    directory,
    blobs,
    clipSigner: openClipSigner(centre.dataDir),
    vault,
    ingest,
    rules: rulebook,
    backtests,
    hub: { publish: tell },
    metrics,
  });
  // The app first: socket.io puts itself before the listeners that are there, and takes only its own path.
  const http = newHttpServer().on('request', app);
  return { directory, rulebook, sessions, hub, walls, tell, writer, recent, http, blobs, backtests };
}

/**
 * The centre, top to bottom in the order in which it starts: the store, what is looked up, the way of
 * an event (ingest → pipeline → live), and last the door. Stopping goes the other way.
 */
async function start(config: CentreConfig, log: Logger): Promise<() => Promise<void>> {
  const { centre, database, ingest: limits } = config;
  await migrate(database.url, (line) => log.debug({ line }, 'migrate')).catch((error: unknown) => {
    throw databaseError(database.url, error);
  });
  const pool = openPool(database.url, database.poolSize, warning(log, 'an idle database connection broke'));
  const parts = await build(config, pool, log);
  const { directory, rulebook, sessions, hub, walls, tell, writer, recent, http } = parts;
  const endings = createSessionEndings({ pool, log, now });
  const isAllowedOrigin = (origin: string | undefined, host: string | undefined) =>
    origin === undefined || isOwnOrigin(origin, host, centre.publicUrl);
  let url = '';

  const steps: Step[] = [
    { name: 'database', start: () => ({ stop: () => pool.end() }) },
    { name: 'directory', start: () => directory },
    { name: 'rulebook', start: () => rulebook },
    { name: 'session endings', start: () => endings.start().then(() => endings) },
    { name: 'maintenance', start: () => startMaintenance({ pool, blobs: parts.blobs, log, now, ...limits }) },
    { name: 'live hub', start: () => hub },
    { name: 'walls', start: () => walls.start().then(() => walls) },
    {
      name: 'pipeline',
      start: () => {
        const pipeline = startPipeline(
          { pool, directory, rules: rulebook, now, catchUp: new CatchUp(), recent },
          database.url,
          log,
        );
        pipeline.effects.subscribe(tell);
        return pipeline;
      },
    },
    {
      name: 'alerting',
      start: () => startAlerting({ pool, directory, rules: rulebook, now }, log, tell),
    },
    {
      name: 'profiling',
      start: () => startProfiling({ pool, directory, rules: rulebook, log, now }, tell),
    },
    { name: 'backtests', start: () => parts.backtests },
    { name: 'ingest', start: () => ({ stop: () => writer.drain() }) },
    {
      name: 'live feed',
      start: () => openLive(http, { hub, walls, sessions, endings, pool, now, log, isAllowedOrigin }),
    },
    {
      name: 'http',
      start: async () => {
        url = await listen(http, centre.host, centre.port);
        return { stop: () => closeServer(http) };
      },
    },
  ];
  const stop = await startAll(steps, log);
  process.stdout.write(`${JSON.stringify({ event: 'listening', url })}\n`);
  return stop;
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = pino(
    { name: 'centre', level: config.centre.logLevel },
    pino.destination({ fd: 2, sync: true }),
  );
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
