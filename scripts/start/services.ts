import path from 'node:path';
import type { ConfigSection } from '@mingjing/contracts';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { DEMO_CITY } from './city.ts';
import type { StartOptions } from './options.ts';
import { tokensFile, type Secrets } from './secrets.ts';
import { variableFor, type Settings } from './settings.ts';
import type { Service } from './supervisor.ts';

/** What all processes are told. */
export interface Installation {
  options: StartOptions;
  settings: Settings;
  secrets: Secrets;
  databaseUrl: string;
}

/** Values for keys of a section, save those that the owner has set. */
function defaults(settings: Settings, section: ConfigSection, values: Record<string, string | undefined>) {
  const entries = Object.entries(values).filter(
    ([key, value]) => value !== undefined && settings.get(section, key) === undefined,
  );
  return Object.fromEntries(entries.map(([key, value]) => [variableFor(section, key), value]));
}

/**
 * What a process or command gets of this one's environment: the name of the configuration file, the variables of
 * the sections that it reads, and nothing of the others, whose secrets it has no need to know.
 */
export function environmentFor(
  settings: Settings,
  sections: readonly ConfigSection[],
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const owned = sections.map((section) => variableFor(section, ''));
  const given = Object.entries(env).filter(
    ([name]) => !name.startsWith('MINGJING_') || owned.some((prefix) => name.startsWith(prefix)),
  );
  const environment: NodeJS.ProcessEnv = Object.fromEntries(given);
  if (settings.file !== undefined) environment['MINGJING_CONFIG'] = settings.file;
  delete environment['DATABASE_URL'];
  // What libpq reads: a password for the database is the centre's alone.
  if (!sections.includes('database')) delete environment['PGPASSWORD'];
  return environment;
}

/** For the centre and its commands. */
export function centreEnvironment({ settings, databaseUrl }: Installation): NodeJS.ProcessEnv {
  return {
    ...environmentFor(settings, ['centre', 'database', 'ingest']),
    MINGJING_DATABASE_URL: databaseUrl,
  };
}

function node(name: string, entry: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Service {
  return {
    name,
    command: process.execPath,
    args: [path.join(PROJECT_DIR, entry), ...args],
    env,
    cwd: PROJECT_DIR,
  };
}

/** What the centre is told, for those who go by the same. */
function taken(settings: Settings, keys: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(keys.map((key) => [key, settings.get('centre', key)]));
}

/** Where the media host will listen, when its owner has moved it. */
function mediaUrl(settings: Settings): string | undefined {
  const host = settings.get('media', 'host');
  const port = settings.get('media', 'port');
  return host === undefined && port === undefined
    ? undefined
    : `http://${host ?? '127.0.0.1'}:${port ?? '8081'}`;
}

/** Where encoders push, as administrators are told; nowhere unless the owner says so. */
function rtmpUrl(settings: Settings): string | undefined {
  const port = settings.get('media', 'rtmpPort');
  return port === undefined
    ? undefined
    : `rtmp://${settings.get('media', 'rtmpHost') ?? '127.0.0.1'}:${port}/live`;
}

export function centreService(installation: Installation): Service {
  const { options, settings, secrets } = installation;
  return node('centre', 'center-server/src/main.ts', {
    ...centreEnvironment(installation),
    ...defaults(settings, 'centre', {
      secret: secrets.centreSecret,
      ticketKey: secrets.ticketKey,
      credentialsKey: secrets.credentialsKey,
      dataDir: path.join(options.dataDir, 'data'),
      mediaUrl: mediaUrl(settings),
      rtmpPublicUrl: rtmpUrl(settings),
    }),
    ...(options.port === undefined ? {} : { MINGJING_CENTRE_PORT: String(options.port) }),
  });
}

/** What the media host calls. */
export interface MediaTools {
  worker: string;
  ffmpeg: string;
  font: string;
}

export function mediaService(
  { options, settings, secrets }: Installation,
  centreUrl: string,
  token: string,
  tools: MediaTools,
): Service {
  return node('media', 'media/src/main.ts', {
    ...environmentFor(settings, ['media']),
    MEDIASOUP_WORKER_BIN: tools.worker,
    ...defaults(settings, 'media', {
      centreUrl,
      token,
      ticketKey: settings.get('centre', 'ticketKey') ?? secrets.ticketKey,
      // pages come from the address that people use, which need not be the one we use ourselves
      allowedOrigins: settings.get('centre', 'publicUrl'),
      dataDir: path.join(options.dataDir, 'media'),
      // one list for the centre, which refuses, and for who opens
      ...taken(settings, ['filmsDir', 'cameraHosts', 'production']),
      ffmpeg: tools.ffmpeg,
      font: tools.font,
    }),
  });
}

export function collectorsService(
  { options, settings, secrets }: Installation,
  centreUrl: string,
  token: string,
  chromium: string | undefined,
): Service {
  return node('collectors', 'collectors/src/main.ts', {
    ...environmentFor(settings, ['collectors']),
    ...defaults(settings, 'collectors', {
      centreUrl,
      token,
      outboxDir: path.join(options.dataDir, 'outbox'),
      chromium,
      mediaUrl: mediaUrl(settings),
      ...taken(settings, ['screenHosts', 'production']),
      mediaToken: settings.get('media', 'token') ?? secrets.tokens['media'],
      kinds: options.video ? undefined : JSON.stringify([{ kind: 'screen' }]),
    }),
  });
}

/** Plays the demo city, through the public ingest API. */
export function simulateService({ options, settings }: Installation, centreUrl: string): Service {
  const args = [
    ...['--city', DEMO_CITY, '--centre', centreUrl, '--tokens', tokensFile(options.dataDir)],
    ...['--progress', path.join(options.dataDir, 'simulate.json')],
    ...(options.speed === undefined ? [] : ['--speed', options.speed]),
  ];
  return {
    ...node('simulate', 'collectors/src/cli/simulate.ts', environmentFor(settings, ['demo']), args),
    mayFinish: true,
  };
}
