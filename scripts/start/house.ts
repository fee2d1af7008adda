import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CHROMIUM, FFMPEG, needChineseFont, needProgram } from '../runtime/programs.ts';
import { installWorker, workerFile } from '../runtime/mediasoup/install.ts';
import { buildTimescale } from '../runtime/timescale/install.ts';
import { migrateDatabase, ownToken, seedDemoCity, type OwnSource } from './city.ts';
import { startEmbedded, topRegion, useServer, type Database } from './database.ts';
import type { StartOptions } from './options.ts';
import { needPorts } from './ports.ts';
import { loadSecrets } from './secrets.ts';
import * as services from './services.ts';
import { databaseSetting, readSettings, type Settings } from './settings.ts';
import { Supervisor } from './supervisor.ts';

type Say = (line: string) => void;

/**
 * The whole centre on this machine, step by step. Steps are called in the order of start.ts; close() undoes,
 * in reverse, whatever has been done by then.
 */
export class House {
  readonly options: StartOptions;
  readonly settings: Settings;
  private readonly supervisor: Supervisor;
  private readonly say: Say;
  private installation: services.Installation | undefined;
  private database: Database | undefined;
  private opening: Promise<string> | undefined;
  private closed: Promise<void> | undefined;
  /** Where the centre answers, once it does. */
  url = '';

  constructor(options: StartOptions, say: Say) {
    this.options = options;
    this.say = say;
    this.settings = readSettings(options.config);
    this.supervisor = new Supervisor(path.join(options.dataDir, 'logs'), say);
  }

  /** @throws Error naming a port that is taken */
  async checkPorts(): Promise<void> {
    const port = (section: 'centre' | 'media', usual: number): number =>
      Number(this.settings.get(section, 'port') ?? usual);
    const host = (section: 'centre' | 'media'): string => this.settings.get(section, 'host') ?? '127.0.0.1';
    await needPorts([
      {
        what: 'choose another for the centre with --port',
        host: host('centre'),
        port: this.options.port ?? port('centre', 8080),
      },
      ...(this.options.video
        ? [
            {
              what: 'choose another for the media host with MINGJING_MEDIA_PORT, or start with --no-video',
              host: host('media'),
              port: port('media', 8081),
            },
          ]
        : []),
    ]);
  }

  get usesOwnServer(): boolean {
    return databaseSetting(this.settings) !== undefined;
  }

  /** @returns undefined, or why the database will have plain tables only */
  async prepareTimescale(onLine: Say): Promise<string | undefined> {
    try {
      await buildTimescale(onLine);
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
    }
  }

  /** Connects, or starts the embedded server; once. @returns what the database is */
  openDatabase(): Promise<string> {
    this.opening ??= this.openDatabaseOnce();
    return this.opening;
  }

  private async openDatabaseOnce(): Promise<string> {
    const { options, settings } = this;
    const secrets = loadSecrets(options.dataDir);
    const server = databaseSetting(settings);
    this.database = server ? await useServer(server.url, server.name) : await startEmbedded(options.dataDir);
    this.database.onCrash((log) => this.say(`PostgreSQL has ended; start again. Its last words:\n${log}`));
    this.installation = { options, settings, secrets, databaseUrl: this.database.url };
    return this.database.description;
  }

  /** @returns how many migrations ran */
  async migrate(): Promise<number> {
    const ran = await migrateDatabase(services.centreEnvironment(this.built()));
    return ran.length;
  }

  /** @returns whether the demo city was brought in */
  seed(): Promise<boolean> {
    const installation = this.built();
    const env = services.centreEnvironment(installation);
    return seedDemoCity(installation.databaseUrl, env, this.options.dataDir, installation.secrets);
  }

  /** The password of the demo city's users, when it was seeded by this installation. */
  get demoPassword(): string | undefined {
    return this.installation?.secrets.demoPassword;
  }

  async startCentre(): Promise<string> {
    const installation = this.built();
    this.url = await this.supervisor.start(services.centreService(installation));
    const running = { url: this.url, databaseUrl: installation.databaseUrl };
    writeFileSync(this.runningFile(), `${JSON.stringify(running)}\n`, { mode: 0o600 });
    return this.url;
  }

  /** Finds, installs or builds what the media host calls. */
  async prepareMedia(onLine: Say): Promise<services.MediaTools> {
    const ffmpeg = this.settings.get('media', 'ffmpeg') ?? (await needProgram(FFMPEG, onLine));
    const font = await needChineseFont(onLine);
    return { ffmpeg, font, worker: workerFile() };
  }

  /** Brings the worker to where the running media host looks for it. */
  async prepareWorker(onLine: Say): Promise<void> {
    await installWorker(onLine);
  }

  async startMedia(tools: services.MediaTools): Promise<string> {
    const token = await this.tokenFor('media');
    return this.supervisor.start(services.mediaService(this.built(), this.url, token, tools));
  }

  prepareScreens(onLine: Say): Promise<string> {
    return needProgram(CHROMIUM, onLine);
  }

  async startCollectors(chromium: string | undefined): Promise<string> {
    const token = await this.tokenFor('collectors');
    return this.supervisor.start(services.collectorsService(this.built(), this.url, token, chromium));
  }

  async startSimulator(): Promise<void> {
    await this.supervisor.start(services.simulateService(this.built(), this.url));
  }

  /** Stops everything that was started, the last first. Safe to call more than once, and at any time. */
  close(): Promise<void> {
    this.closed ??= (async () => {
      await this.supervisor.stop();
      rmSync(this.runningFile(), { force: true });
      await this.database?.stop();
    })();
    return this.closed;
  }

  /** Whether it has been stopped, or is being stopped. */
  get isClosed(): boolean {
    return this.closed !== undefined;
  }

  private async tokenFor(id: OwnSource): Promise<string> {
    const installation = this.built();
    const set = this.settings.get(id, 'token');
    if (set !== undefined) return set;
    const region = await topRegion(installation.databaseUrl);
    const env = services.centreEnvironment(installation);
    const token = await ownToken(id, env, this.options.dataDir, installation.secrets, region);
    if (token === undefined) {
      throw new Error(
        'the database has no region yet; run mingjing seed FILE while this runs, then start again',
      );
    }
    return token;
  }

  private runningFile(): string {
    return path.join(this.options.dataDir, 'running.json');
  }

  private built(): services.Installation {
    if (this.installation === undefined) throw new Error('the database is not open yet');
    return this.installation;
  }
}
