import { existsSync, readFileSync } from 'node:fs';
import { ConfigError, hostListSchema, MAX_BATCH, readSection } from '@mingjing/contracts';
import { z } from 'zod';

/** Stands in for a secret that was not given. A production start refuses it. */
export const DEVELOPMENT_SECRET = 'mingjing-development-only-secret-never-in-production';

const secretSchema = z.string().min(32, 'expected at least 32 characters').default(DEVELOPMENT_SECRET);
const portSchema = z.coerce.number().int().min(0).max(65_535);
const webUrlSchema = z.string().regex(/^https?:\/\/[^/\s]+/, 'expected http(s)://host[:port]');
const countSchema = z.coerce.number().int().positive();
/** The environment writes booleans as text; z.coerce.boolean() would take "false" for true. */
const booleanSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** Section `centre`: the HTTP house. */
export const centreSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes a free port. */
  port: portSchema.default(8080),
  /** The address that people's browsers use; its origin may change things. Needed behind a proxy or a name. */
  publicUrl: webUrlSchema.optional(),
  /** Keys the hashes of session tokens: a new one signs everybody out. */
  secret: secretSchema,
  /** Signs media tickets; the media host holds the same one. */
  ticketKey: secretSchema,
  /**
   * Encrypts what cameras are signed in at with. After a change the one before goes into oldCredentialsKeys; the next
   * start encrypts anew what those open.
   */
  credentialsKey: secretSchema,
  oldCredentialsKeys: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(z.string().min(32)),
    )
    .default([]),
  /** How long a media ticket lasts. */
  ticketMinutes: countSchema.default(10),
  /** Where the centre reaches the media host, and where browsers do (when that differs). */
  mediaUrl: webUrlSchema.default('http://127.0.0.1:8081'),
  mediaPublicUrl: webUrlSchema.optional(),
  /** Where encoders push by RTMP, as administrators are told: rtmp://host:1935/live. */
  rtmpPublicUrl: z
    .string()
    .regex(/^rtmps?:\/\//, 'expected rtmp://host:1935/live')
    .optional(),
  dataDir: z.string().min(1).default('.runtime/data'),
  webDir: z.string().min(1).default('web-wall/dist'),
  /** The folder of the media host in which films lie that stand for cameras; only their wording is checked here. */
  filmsDir: z.string().min(1).default('.runtime/films'),
  /** Hosts and networks at which cameras and pages of counter screens may be; see HostRule for what holds without. */
  cameraHosts: hostListSchema.optional(),
  screenHosts: hostListSchema.optional(),
  /** Refuses development secrets, demo users, and hosts of cameras and screens that are not listed. */
  production: booleanSchema.default(false),
  /** 四眼原则: a screen is shown unmasked only once a second person has agreed. */
  unmaskNeedsApproval: booleanSchema.default(false),
  /** A session ends when it was not used for this long. */
  sessionHours: z.coerce
    .number()
    .positive()
    .max(24 * 30)
    .default(12),
  /** Failed sign-ins that one name from one address may make per window. */
  signInAttempts: countSchema.default(10),
  signInWindowMinutes: countSchema.default(15),
  /** How many reverse proxies stand before the centre and may say who is calling. */
  trustProxies: z.coerce.number().int().min(0).max(10).default(0),
  /** Lets a monitor that is not on this machine read /metrics with this bearer token. */
  metricsToken: z.string().min(16).optional(),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Section `database`. */
export const databaseSchema = z.strictObject({
  url: z.string().regex(/^postgres(ql)?:\/\//, 'expected postgresql://user@host:port/name'),
  /**
   * Connections at most. One hears of ended sessions for as long as the centre runs, and one is held while the
   * pipeline takes a step: with fewer than three nothing would be left for a request.
   */
  poolSize: countSchema
    .min(3, 'expected 3 or more: one listens, one is the pipeline’s, and requests need the others')
    .max(500)
    .default(20),
});

/** Section `ingest`: how much is taken in at once. */
export const ingestSchema = z.strictObject({
  maxBodyBytes: countSchema.default(8 * 1024 * 1024),
  maxBlobBytes: countSchema.default(8 * 1024 * 1024),
  maxBatch: countSchema.max(MAX_BATCH).default(MAX_BATCH),
  /** Bytes of bodies that may be read and worked on at once before senders are told to come again. */
  maxBytesInHand: countSchema.default(256 * 1024 * 1024),
  /** Events that may wait to be stored before senders are told to come again. */
  queueEvents: countSchema.default(50_000),
  /** How far ahead of the centre's clock an observed time may lie. */
  maxAheadMinutes: countSchema.default(60),
  /** How long observations are kept, by their observed time; the keys that make sending again safe stay. */
  keepDays: countSchema.default(20 * 365),
  /** How long pictures of counter screens are kept that no screen shows any more. */
  keepPicturesDays: countSchema.default(30),
  /** How many bytes of them are kept at most, the newest; as many as come where it is left out. */
  keepPicturesBytes: countSchema.nullable().default(null),
  /** How long pictures of counter screens are kept that somebody was allowed to see unmasked. */
  keepUnmaskedHours: countSchema.max(24 * 7).default(24),
  /** How long refused events are kept, from when they came, to be mended and played again. */
  deadLetterDays: countSchema.default(90),
  /** How long it is kept who watched which camera; no shorter than the six months for which logs must be kept (网络安全法, art. 21). */
  keepViewingsDays: countSchema.min(183, 'expected 183 or more: logs are kept for six months').default(365),
});

export interface CentreConfig {
  centre: z.infer<typeof centreSchema>;
  database: z.infer<typeof databaseSchema>;
  ingest: z.infer<typeof ingestSchema>;
}

interface ConfigText {
  text: string;
  file: string;
  env: Record<string, string | undefined>;
}

/** mingjing.yaml of the working folder, or what MINGJING_CONFIG names, with the process's environment. */
export function configText(env: Record<string, string | undefined> = process.env): ConfigText {
  const named = env['MINGJING_CONFIG'];
  const file = named ?? 'mingjing.yaml';
  if (named !== undefined && !existsSync(named)) {
    throw new ConfigError(`MINGJING_CONFIG: there is no file "${named}"`);
  }
  return { text: existsSync(file) ? readFileSync(file, 'utf8') : '', file, env };
}

const DEVELOPMENT_SECRETS = [
  ['secret', 'MINGJING_CENTRE_SECRET'],
  ['ticketKey', 'MINGJING_CENTRE_TICKET_KEY'],
  ['credentialsKey', 'MINGJING_CENTRE_CREDENTIALS_KEY'],
] as const;

function refuseDefaults(centre: CentreConfig['centre']): void {
  if (!centre.production) return;
  for (const [key, variable] of DEVELOPMENT_SECRETS) {
    if (centre[key] !== DEVELOPMENT_SECRET) continue;
    throw new ConfigError(
      `centre.${key}: a production start needs a secret of its own; set ${variable} to 32 or more random characters`,
    );
  }
}

/** Only the database's section, for commands that need nothing else. @throws ConfigError */
export function loadDatabaseConfig(source: ConfigText = configText()): CentreConfig['database'] {
  const url = source.env['MINGJING_DATABASE_URL'] ?? source.env['DATABASE_URL'];
  const env = url === undefined ? source.env : { ...source.env, MINGJING_DATABASE_URL: url };
  return readSection({ ...source, env }, 'database', databaseSchema);
}

/**
 * Everything the centre is told from outside.
 * @throws ConfigError naming the file, line, key and what was expected
 */
export function loadConfig(source: ConfigText = configText()): CentreConfig {
  const centre = readSection(source, 'centre', centreSchema);
  refuseDefaults(centre);
  return {
    centre,
    database: loadDatabaseConfig(source),
    ingest: readSection(source, 'ingest', ingestSchema),
  };
}

/** The password of demo users for `mingjing seed`, where it is not given as an option. */
export function seedPassword(env: Record<string, string | undefined> = process.env): string | undefined {
  return env['MINGJING_SEED_PASSWORD'];
}
