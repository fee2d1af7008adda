import { existsSync, readFileSync } from 'node:fs';
import {
  ConfigError,
  hostListSchema,
  readSection,
  regionCodeSchema,
  sourceIdSchema,
} from '@mingjing/contracts';
import { z } from 'zod';

const webUrlSchema = z.string().regex(/^https?:\/\/[^/\s]+/, 'expected http(s)://host[:port]');

/** The environment writes booleans as text. */
const booleanSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** The environment writes lists as JSON text. */
function jsonText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON: the schema says what was expected of it.
    return value;
  }
}

/** One source that is collected from; the other keys are its kind's own, and checked by it. */
export const kindEntrySchema = z.looseObject({
  kind: z.string().min(1),
  /** The CloudEvents source, where it is not the section's. It names the outbox file too. */
  source: sourceIdSchema.optional(),
  /** The token of that source, where it is not the section's. */
  token: z.string().min(1).optional(),
});
export type KindEntry = z.infer<typeof kindEntrySchema>;

/** Section `collectors`. */
export const collectorsSchema = z.strictObject({
  /** Where the centre is. */
  centreUrl: webUrlSchema.default('http://127.0.0.1:8080'),
  /** The token of the source, as `mingjing source add` printed it. */
  token: z.string().min(1).optional(),
  /** The id of the source that the token belongs to. */
  source: sourceIdSchema.default('collectors'),
  /** The region that heartbeats name. */
  region: regionCodeSchema.default('130600'),
  outboxDir: z.string().min(1).default('.runtime/outbox'),
  /** The most that may wait in one outbox. */
  outboxMaxBytes: z.coerce
    .number()
    .int()
    .min(65_536)
    .default(1024 ** 3),
  /** Path of Chromium; looked for in the usual places when it is not told. */
  chromium: z.string().min(1).optional(),
  /** Hosts and networks whose pages may be looked at as screens; see HostRule for what holds without. */
  screenHosts: hostListSchema.optional(),
  /** As the centre's: no page is looked at whose host is not listed. */
  production: booleanSchema.default(false),
  /** Where the media host is, and the token that it asks of those who read its streams. */
  mediaUrl: webUrlSchema.default('http://127.0.0.1:8081'),
  mediaToken: z.string().min(1).optional(),
  heartbeatSeconds: z.coerce.number().positive().max(3600).default(30),
  kinds: z.preprocess(jsonText, z.array(kindEntrySchema)).default([{ kind: 'screen' }, { kind: 'video' }]),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});
export type CollectorsConfig = z.infer<typeof collectorsSchema>;

/**
 * Reads section `collectors` of mingjing.yaml (of the working folder, or what MINGJING_CONFIG names),
 * overridden by MINGJING_COLLECTORS_….
 * @throws ConfigError naming the file, the line and the key
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): CollectorsConfig {
  const named = env['MINGJING_CONFIG'];
  const file = named ?? 'mingjing.yaml';
  if (named !== undefined && !existsSync(named)) {
    throw new ConfigError(`MINGJING_CONFIG: there is no file ${named}`);
  }
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return readSection({ text, file, env }, 'collectors', collectorsSchema);
}
