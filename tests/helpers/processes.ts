import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT_DIR } from '../../scripts/runtime/paths.ts';
import { findWorker } from '../../scripts/runtime/mediasoup/install.ts';
import { startChild, type Child } from '../../scripts/runtime/process/child.ts';

type Environment = Record<string, string>;

/** A real process of the house, on a free port, with folders of its own. */
export interface RunningProcess {
  /** Where it listens. */
  url: string;
  pid: number;
  /** Its data folder; removed by stop(). */
  dataDir: string;
  /** Its last lines of output. */
  log(): string;
  /** As a power cut. The data folder stays, for a restart with the same env and dataDir. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** MINGJING_<SECTION>_<KEY> and others, over what the helper sets. */
  env?: Environment;
  /** To go on with the data of a process that was killed. */
  dataDir?: string;
}

/** The processes of one installation must agree on these. */
export interface Secrets {
  secret: string;
  ticketKey: string;
}

/** Fresh secrets for one test. */
export function makeSecrets(): Secrets {
  return { secret: randomBytes(24).toString('hex'), ticketKey: randomBytes(24).toString('hex') };
}

/** The environment without anything that configures Mingjing or Jest's own Node. */
function plainEnvironment(): Environment {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !entry[0].startsWith('MINGJING_') &&
      !/^(NODE_OPTIONS|DATABASE_URL|JEST_.*)$/.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** Starts an entry point and waits until it says that it listens. */
async function start(
  name: string,
  entry: string,
  env: Environment,
  options: StartOptions,
): Promise<RunningProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), `mingjing-${name}-`));
  const config = path.join(dataDir, 'mingjing.yaml');
  writeFileSync(config, ''); // so that a configuration of this checkout's owner is not read
  const child: Child = startChild({
    name,
    command: process.execPath,
    args: [path.join(PROJECT_DIR, entry)],
    cwd: PROJECT_DIR,
    env: { ...plainEnvironment(), MINGJING_CONFIG: config, ...env, ...options.env },
  });
  try {
    const url = await child.listening;
    return {
      url,
      pid: child.pid,
      dataDir,
      log: () => child.log(),
      kill9: () => child.kill9(),
      async stop() {
        await child.stop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** The centre on a database: center-server/src/main.ts. */
export function startCentre(
  options: StartOptions & { databaseUrl: string; secrets?: Secrets },
): Promise<RunningProcess> {
  const { secret, ticketKey } = options.secrets ?? makeSecrets();
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'mingjing-centre-'));
  const env = {
    MINGJING_DATABASE_URL: options.databaseUrl,
    MINGJING_CENTRE_PORT: '0',
    MINGJING_CENTRE_SECRET: secret,
    MINGJING_CENTRE_TICKET_KEY: ticketKey,
    MINGJING_CENTRE_DATA_DIR: dataDir,
  };
  return start('centre', 'center-server/src/main.ts', env, { ...options, dataDir });
}

/** The media host: media/src/main.ts. WebRTC takes free ports. */
export function startMedia(
  options: StartOptions & { centreUrl: string; token: string; ticketKey: string },
): Promise<RunningProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'mingjing-media-'));
  const worker = findWorker();
  const env = {
    MINGJING_MEDIA_PORT: '0',
    MINGJING_MEDIA_RTC_MIN_PORT: '0',
    MINGJING_MEDIA_CENTRE_URL: options.centreUrl,
    MINGJING_MEDIA_TOKEN: options.token,
    MINGJING_MEDIA_TICKET_KEY: options.ticketKey,
    MINGJING_MEDIA_DATA_DIR: dataDir,
    ...(worker === undefined ? {} : { MEDIASOUP_WORKER_BIN: worker }),
  };
  return start('media', 'media/src/main.ts', env, { ...options, dataDir });
}

/** The collectors: collectors/src/main.ts. Which kinds run is in env. */
export function startCollectors(
  options: StartOptions & { centreUrl: string; token: string },
): Promise<RunningProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'mingjing-collectors-'));
  const env = {
    MINGJING_COLLECTORS_CENTRE_URL: options.centreUrl,
    MINGJING_COLLECTORS_TOKEN: options.token,
    MINGJING_COLLECTORS_OUTBOX_DIR: path.join(dataDir, 'outbox'),
  };
  return start('collectors', 'collectors/src/main.ts', env, { ...options, dataDir });
}
