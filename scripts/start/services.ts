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

/** What every process and command gets: the configuration file and nothing of other processes' secrets. */
export function baseEnvironment(settings: Settings): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  if (settings.file !== undefined) environment['MINGJING_CONFIG'] = settings.file;
  delete environment['DATABASE_URL'];
  return environment;
}

/** For the commands of the centre. */
export function databaseEnvironment({ settings, databaseUrl }: Installation): NodeJS.ProcessEnv {
  return { ...baseEnvironment(settings), MINGJING_DATABASE_URL: databaseUrl };
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

/** Where the media host will listen, when its owner has moved it. */
function mediaUrl(settings: Settings): string | undefined {
  const host = settings.get('media', 'host');
  const port = settings.get('media', 'port');
  return host === undefined && port === undefined
    ? undefined
    : `http://${host ?? '127.0.0.1'}:${port ?? '8081'}`;
}

export function centreService(installation: Installation): Service {
  const { options, settings, secrets } = installation;
  return node('centre', 'center-server/src/main.ts', {
    ...databaseEnvironment(installation),
    ...defaults(settings, 'centre', {
      secret: secrets.centreSecret,
      ticketKey: secrets.ticketKey,
      dataDir: path.join(options.dataDir, 'data'),
      mediaUrl: mediaUrl(settings),
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
    ...baseEnvironment(settings),
    MEDIASOUP_WORKER_BIN: tools.worker,
    ...defaults(settings, 'media', {
      centreUrl,
      token,
      ticketKey: settings.get('centre', 'ticketKey') ?? secrets.ticketKey,
      // pages come from the address that people use, which need not be the one we use ourselves
      allowedOrigins: settings.get('centre', 'publicUrl'),
      dataDir: path.join(options.dataDir, 'media'),
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
    ...baseEnvironment(settings),
    ...defaults(settings, 'collectors', {
      centreUrl,
      token,
      outboxDir: path.join(options.dataDir, 'outbox'),
      chromium,
      mediaUrl: mediaUrl(settings),
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
    ...node('simulate', 'collectors/src/cli/simulate.ts', baseEnvironment(settings), args),
    mayFinish: true,
  };
}
