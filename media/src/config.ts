import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { workerBin as defaultWorkerBin } from 'mediasoup';
import { z } from 'zod';
import { ConfigError, cameraSchema, hostListSchema, readSection } from '@mingjing/contracts';

const address = z.url({ protocol: /^https?$/, error: 'expected http://host:port' });
const port = z.coerce.number().int().min(0).max(65535);
const milliseconds = z.coerce.number().int().positive();
/** The environment writes booleans as text. */
const booleanSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
/** A list in the file; words separated by commas in the environment. */
const addresses = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(address),
);

/** host:port; words separated by commas in the environment. */
const words = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(z.string().regex(/^[^\s/:]+:\d{1,5}$/, 'expected host:port')),
);

/** STUN and TURN servers; words separated by commas in the environment. */
const iceUrls = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : value,
  z.array(z.string().regex(/^(stun|turn)s?:[^\s/]+$/, 'expected stun:host, turn:host or turns:host')),
);

/** The section `media` of mingjing.yaml; MINGJING_MEDIA_<KEY> in the environment overrides a key. */
export const mediaConfigSchema = z.strictObject({
  /** Where HTTP and socket.io listen. Port 0 takes a free one. */
  host: z.string().default('127.0.0.1'),
  port: port.default(8081),
  /** The centre, which knows the cameras. */
  centreUrl: address.default('http://127.0.0.1:8080'),
  /** The source token with which the camera list is fetched, and which GET /streams asks for. */
  token: z.string().min(16, 'expected a token of at least 16 characters'),
  /** Shared with the centre, which signs the tickets of viewers with it. */
  ticketKey: z.string().min(32, 'expected a key of at least 32 characters'),
  /** Pages of these origins may watch; the centre's own when empty. */
  allowedOrigins: addresses.default([]),
  /** Where WebRTC listens, and what browsers are told instead (NAT, Docker). */
  rtcHost: z.string().default('127.0.0.1'),
  announcedAddress: z.string().min(1).optional(),
  /** The first worker's port, udp and tcp; one more for each further worker. 0 takes free ones. */
  rtcMinPort: port.default(44400),
  /** STUN and TURN servers by which browsers reach the media host where they do not directly. */
  iceUrls: iceUrls.default([]),
  /** Shared with the TURN servers, which take names and passwords that are signed with it (coturn: use-auth-secret). */
  turnSecret: z.string().min(16, 'expected a secret of at least 16 characters').optional(),
  /** Pictures go through the TURN servers only. */
  relayOnly: booleanSchema.default(false),
  /** mediasoup workers; by default one per core, four at most. */
  workers: z.coerce.number().int().min(1).max(64).default(Math.min(4, availableParallelism())),
  workerBin: z.string().min(1).default(defaultWorkerBin),
  ffmpeg: z.string().min(1).default('ffmpeg'),
  ffprobe: z.string().min(1).default('ffprobe'),
  /** The burnt-in writing of generated cameras: a family that fontconfig knows, or a font file. */
  font: z.string().min(1).default('Noto Sans CJK SC'),
  /** Where encoders push by RTMP (1935 is its own port); nothing listens without a port. */
  rtmpHost: z.string().default('127.0.0.1'),
  rtmpPort: port.optional(),
  /** The same over TLS, with a certificate (PEM) and its key. */
  rtmpsPort: port.optional(),
  rtmpsCertFile: z.string().min(1).optional(),
  rtmpsKeyFile: z.string().min(1).optional(),
  /** Where the last stills are kept. */
  dataDir: z.string().min(1).default('.runtime/media'),
  /** Films that stand for cameras are opened in this folder only. */
  filmsDir: z.string().min(1).default('.runtime/films'),
  /** Hosts and networks at which cameras may be; see HostRule for what holds without. */
  cameraHosts: hostListSchema.optional(),
  /** Where a search for ONVIF cameras asks: the multicast group, and single hosts of networks that it does not reach. */
  discoveryTargets: words.default(['239.255.255.250:3702']),
  /** As the centre's: nothing is opened that is not listed. */
  production: booleanSchema.default(false),
  /** How long a source goes on after its last viewer has left, in seconds. */
  idleSeconds: z.coerce.number().min(0).default(20),
  /** No packet for so long: the picture is frozen. In ms. */
  frozenAfterMs: milliseconds.default(4000),
  /** No packet for so long: the source is started anew. In ms. */
  restartAfterMs: milliseconds.default(10_000),
  /** A source that has sent nothing so long after its start has failed. In ms. */
  connectTimeoutMs: milliseconds.default(15_000),
  /** A recorded segment lasts so long, and then until the next key frame, in seconds. */
  segmentSeconds: z.coerce.number().min(1).max(60).default(4),
  /** So much of the disk stays free: the oldest recordings are deleted before. In bytes. */
  minFreeBytes: z.coerce
    .number()
    .int()
    .min(0)
    .default(2 * 1024 ** 3),
  /** How often the camera list is fetched. In ms. */
  refreshMs: milliseconds.default(15_000),
  /** A fixed list instead of the centre's, for trials. */
  cameras: z.array(cameraSchema).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type MediaConfig = z.infer<typeof mediaConfigSchema>;

/**
 * Reads the media host's configuration: the file that MINGJING_CONFIG names (mingjing.yaml by
 * default, which may be absent) and the environment.
 * @throws ConfigError naming the place, the key and what was expected
 */
export function readMediaConfig(): MediaConfig {
  const named = process.env['MINGJING_CONFIG'];
  const file = path.resolve(named ?? 'mingjing.yaml');
  if (named !== undefined && !existsSync(file)) {
    throw new ConfigError(`MINGJING_CONFIG: ${file} is not there; expected a configuration file`);
  }
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const config = readSection({ text, file, env: process.env }, 'media', mediaConfigSchema);
  if (config.turnSecret === undefined && config.iceUrls.some((url) => url.startsWith('turn')))
    throw new ConfigError(
      'media.turnSecret: missing; expected the secret of the TURN servers in media.iceUrls',
    );
  for (const key of ['rtmpsCertFile', 'rtmpsKeyFile'] as const)
    if (config.rtmpsPort !== undefined && config[key] === undefined)
      throw new ConfigError(
        `media.${key}: missing; media.rtmpsPort needs a certificate and its key, PEM files`,
      );
  return config;
}
