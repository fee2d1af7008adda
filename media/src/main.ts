import { asyncScheduler } from 'rxjs';
import { Cameras } from './cameras.ts';
import { Clips } from './clips/clips.ts';
import { readMediaConfig } from './config.ts';
import type { MediaConfig } from './config.ts';
import type { Permitted } from './ffmpeg/permitted.ts';
import { FilmFolder } from './fragments/filmSocket.ts';
import { Heartbeat } from './heartbeat.ts';
import { createApp } from './http/app.ts';
import { pageOrigins } from './http/origins.ts';
import { Listener } from './http/listener.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { messageOf, startAll, stopAll } from './modules.ts';
import type { Module } from './modules.ts';
import { onEndOfLife } from './parent.ts';
import { assembleOnvif } from './onvif/assemble.ts';
import { Previews } from './recording/previews.ts';
import { Recordings } from './recording/recordings.ts';
import { Pushes } from './push/pushes.ts';
import { RtmpServer } from './push/rtmpServer.ts';
import { Sfu } from './sfu/sfu.ts';
import { assembleSignalling } from './signalling/assemble.ts';
import { StillGrabber } from './stills/grab.ts';
import { StillStore } from './stills/store.ts';
import { Endings } from './stream/endings.ts';
import { Probes } from './stream/probes.ts';
import { Streams } from './stream/streams.ts';

/** What brings pictures in, in the order in which it starts. */
function assembleSources(config: MediaConfig, log: Log) {
  const scheduler = asyncScheduler;
  const { ffmpeg, ffprobe, font, filmsDir, cameraHosts, production } = config;
  const cameras = new Cameras({ ...config, fixed: config.cameras, scheduler, log });
  const pushes = new Pushes({ cameras, log });
  const permitted: Permitted = {
    ...{ filmsDir, cameraHosts, production },
    addressOf: (source) => pushes.addressOf(source),
  };
  const films = new FilmFolder();
  const stills = new StillStore(config.dataDir, log);
  const grabber = new StillGrabber({ ffmpeg, font, permitted, store: stills, scheduler, log });
  const sfu = new Sfu({ ...config, announcedAddress: config.announcedAddress, scheduler, log });
  const listens = { host: config.rtmpHost, pushes, scheduler, log };
  const rtmp = new RtmpServer({ ...listens, port: config.rtmpPort });
  const { rtmpsPort, rtmpsCertFile: certFile, rtmpsKeyFile: keyFile } = config;
  const tls = certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined;
  const rtmps = new RtmpServer({ ...listens, port: rtmpsPort, tls });
  const endings = new Endings(scheduler, log);
  const streams = new Streams({
    cameras,
    scheduler,
    settings: { ...config, idleMs: config.idleSeconds * 1000 },
    tools: {
      ...{ ffmpeg, ffprobe, font, permitted, stills, films, scheduler, log },
      ...{ endings, probes: new Probes() },
      openIngest: () => sfu.openIngest(),
      freeCamera: (camera) => grabber.free(camera),
    },
  });
  pushes.onBegin((camera, quality) => streams.hurry(camera, quality));
  return {
    modules: { films, stills, grabber, sfu, pushes, streams, cameras, rtmp, rtmps },
    endings,
    permitted,
  };
}

/** The media host's parts, in the order in which they start. */
function assemble(config: MediaConfig, log: Log): { modules: Module[]; listener: Listener } {
  const scheduler = asyncScheduler;
  const { token, ticketKey } = config;
  const origins = pageOrigins(config.allowedOrigins, config.centreUrl);
  const { modules: sources, endings, permitted } = assembleSources(config, log);
  const { cameras, streams, sfu } = sources;
  const onvif = assembleOnvif(config, { cameras, permitted }, scheduler, log);
  const recordings = new Recordings({ ...config, cameras, streams, scheduler, log });
  const previews = new Previews({ ...config, files: recordings.files, scheduler });
  const clips = new Clips({ ...config, recordings, scheduler, log });
  const listener = new Listener(config.host, config.port);
  const { sessions, modules: viewers } = assembleSignalling(
    config,
    { http: listener.server, origins, cameras, streams, sfu, onvif },
    scheduler,
    log,
  );
  const now = () => scheduler.now();
  const app = createApp({
    token,
    ticketKey,
    sessions,
    origins,
    ...sources,
    scheduler,
    endings,
    trials: onvif.trials,
    recordings,
    previews,
    clips,
    now,
    log,
  });
  listener.server.on('request', app);
  // With cameras of its own it has no centre.
  const heartbeats = config.cameras ? [] : [new Heartbeat({ ...config, scheduler, log })];
  const modules = [
    ...[...Object.values(sources), ...onvif.modules, recordings, previews, clips, ...viewers],
    ...[...heartbeats, listener],
  ];
  return { modules, listener };
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
