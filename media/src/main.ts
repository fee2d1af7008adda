import { asyncScheduler } from 'rxjs';
import { Cameras } from './cameras.ts';
import { readMediaConfig } from './config.ts';
import type { MediaConfig } from './config.ts';
import { FilmFolder } from './fragments/filmSocket.ts';
import { createApp } from './http/app.ts';
import { pageOrigins } from './http/origins.ts';
import { Listener } from './http/listener.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { messageOf, startAll, stopAll } from './modules.ts';
import type { Module } from './modules.ts';
import { onEndOfLife } from './parent.ts';
import { Recordings } from './recording/recordings.ts';
import { Sfu } from './sfu/sfu.ts';
import { Sessions } from './signalling/sessions.ts';
import { Signalling } from './signalling/signalling.ts';
import { StillGrabber } from './stills/grab.ts';
import { StillStore } from './stills/store.ts';
import { Streams } from './stream/streams.ts';

/** The media host's parts, in the order in which they start. */
function assemble(config: MediaConfig, log: Log): { modules: Module[]; listener: Listener } {
  const scheduler = asyncScheduler;
  const { ffmpeg, ffprobe, font, token, ticketKey, filmsDir, cameraHosts, production } = config;
  const permitted = { filmsDir, cameraHosts, production };
  const origins = pageOrigins(config.allowedOrigins, config.centreUrl);

  const stills = new StillStore(config.dataDir, log);
  const grabber = new StillGrabber({ ffmpeg, font, permitted, store: stills, scheduler, log });
  const sfu = new Sfu({ ...config, announcedAddress: config.announcedAddress, scheduler, log });
  const cameras = new Cameras({ ...config, fixed: config.cameras, scheduler, log });
  const sessions = new Sessions({ ...config, scheduler, log });
  const films = new FilmFolder();
  const streams = new Streams({
    cameras,
    scheduler,
    settings: { ...config, idleMs: config.idleSeconds * 1000 },
    tools: {
      ffmpeg,
      ffprobe,
      font,
      permitted,
      stills,
      scheduler,
      log,
      films,
      openIngest: () => sfu.openIngest(),
    },
  });
  const recordings = new Recordings({ ...config, cameras, streams, scheduler, log });
  const listener = new Listener(config.host, config.port);
  const signalling = new Signalling({
    http: listener.server,
    origins,
    log,
    tools: { ticketKey, sessions, cameras, streams, sfu, scheduler },
  });
  const now = () => scheduler.now();
  listener.server.on(
    'request',
    createApp({
      token,
      ticketKey,
      sessions,
      origins,
      cameras,
      streams,
      stills,
      grabber,
      recordings,
      sfu,
      now,
      log,
    }),
  );
  return {
    modules: [films, stills, grabber, sfu, streams, cameras, recordings, sessions, signalling, listener],
    listener,
  };
}

async function main(): Promise<void> {
  const config = readMediaConfig();
  const log = createLog(config.logLevel);
  const { modules, listener } = assemble(config, log);
  process.on('unhandledRejection', (problem) =>
    log.error({ problem: messageOf(problem) }, 'unhandled rejection'),
  );
  const starting = startAll(modules);
  onEndOfLife((why) => {
    log.info({ why }, 'stopping');
    starting
      .then(() => stopAll(modules))
      .then(
        () => process.exit(0),
        (problem: unknown) => {
          log.error({ problem: messageOf(problem) }, 'not everything stopped');
          process.exit(1);
        },
      );
  });
  await starting;
  process.stdout.write(`${JSON.stringify({ event: 'listening', url: listener.url })}\n`);
}

main().catch((problem: unknown) => {
  process.stderr.write(`media: ${messageOf(problem)}\n`);
  process.exit(1);
});
