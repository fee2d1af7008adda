import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSection, type ConfigSection } from '@mingjing/contracts';
import { parse } from 'yaml';
import type { z } from 'zod';
import { centreSchema, databaseSchema, ingestSchema } from '../center-server/src/config.ts';
import { collectorsSchema } from '../collectors/src/config.ts';
import { mediaConfigSchema } from '../media/src/config.ts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { collectorsService, mediaService } from '../scripts/start/services.ts';
import { variableFor } from '../scripts/start/settings.ts';

/** Who reads which section. */
const SCHEMAS: Partial<Record<ConfigSection, z.ZodObject>> = {
  centre: centreSchema,
  database: databaseSchema,
  ingest: ingestSchema,
  media: mediaConfigSchema,
  collectors: collectorsSchema,
};

const KNOWN = new Map(
  Object.entries(SCHEMAS).flatMap(([section, schema]) =>
    Object.keys(schema.shape).map((key) => [variableFor(section as ConfigSection, key), section] as const),
  ),
);

interface Service {
  environment: Record<string, string>;
  secrets?: (string | { source: string; target: string })[];
  ports?: string[];
  healthcheck?: { test: string[] };
  build?: { target: string };
  image?: string;
}

interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

function read(name: string): string {
  return readFileSync(path.join(PROJECT_DIR, name), 'utf8');
}

const compose = parse(read('docker/compose.yaml')) as Compose;
const own = Object.entries(compose.services).filter(([name]) => name !== 'database');

/** The sections that each container's process reads. */
const READS: Record<string, string[]> = {
  centre: ['centre', 'database', 'ingest'],
  media: ['media'],
  collectors: ['collectors'],
};

describe('docker/compose.yaml', () => {
  test.each(own)('%s is told only what its process knows', (name, { environment, secrets = [] }) => {
    const given = [
      ...Object.keys(environment),
      ...secrets.map((secret) => (typeof secret === 'string' ? secret : secret.target)),
    ];
    const unknown = given.filter((variable) => !READS[name]?.includes(KNOWN.get(variable) ?? ''));
    expect(unknown).toEqual([]);
  });

  test.each(own)('%s gets every value that has no default', (name, { environment, secrets = [] }) => {
    const given = new Set([
      ...Object.keys(environment),
      ...secrets.map((secret) => (typeof secret === 'string' ? secret : secret.target)),
    ]);
    const needed = (READS[name] ?? []).flatMap((section) => {
      const schema = SCHEMAS[section as ConfigSection];
      return Object.entries(schema?.shape ?? {})
        .filter(([, value]) => !(value as z.ZodType).safeParse(undefined).success)
        .map(([key]) => variableFor(section as ConfigSection, key));
    });
    expect(needed.filter((variable) => !given.has(variable))).toEqual([]);
  });

  test('nothing secret stands in it, and every secret that is used is declared', () => {
    const used = Object.values(compose.services).flatMap(({ secrets = [] }) =>
      secrets.map((secret) => (typeof secret === 'string' ? secret : secret.source)),
    );
    expect(used.filter((name) => !(name in compose.secrets))).toEqual([]);
    const plain = own.flatMap(([, { environment }]) => Object.keys(environment));
    expect(plain.filter((name) => /SECRET|TOKEN|TICKET_KEY|DATABASE_URL/.test(name))).toEqual([]);
  });

  test('its ports are those that the processes listen on', () => {
    const { centre, media } = compose.services;
    const at = (service: Service | undefined, variable: string): string =>
      service?.environment[variable] ?? '';
    const centrePort = at(centre, 'MINGJING_CENTRE_PORT');
    const mediaPort = at(media, 'MINGJING_MEDIA_PORT');
    const rtmpPort = at(media, 'MINGJING_MEDIA_RTMP_PORT');
    const first = Number(at(media, 'MINGJING_MEDIA_RTC_MIN_PORT'));
    const last = first + Number(at(media, 'MINGJING_MEDIA_WORKERS')) - 1;
    expect(centre?.ports).toEqual([`\${MINGJING_BIND:-127.0.0.1}:${centrePort}:${centrePort}`]);
    expect(media?.ports).toEqual([
      `\${MINGJING_BIND:-127.0.0.1}:${mediaPort}:${mediaPort}`,
      `\${MINGJING_BIND:-127.0.0.1}:${rtmpPort}:${rtmpPort}`,
      `${first}-${last}:${first}-${last}/udp`,
      `${first}-${last}:${first}-${last}/tcp`,
    ]);
    expect(at(media, 'MINGJING_MEDIA_CENTRE_URL')).toBe(`http://centre:${centrePort}`);
    expect(centre?.healthcheck?.test.join(' ')).toContain(`:${centrePort}/readyz`);
    expect(media?.healthcheck?.test.join(' ')).toContain(`:${mediaPort}/healthz`);
  });

  test('every image is a target of the Dockerfile, and none runs as root', () => {
    const stages = read('docker/Dockerfile').split(/^FROM /m);
    for (const [, { build }] of own) {
      const stage = stages.find((text) => text.startsWith(`base AS ${build?.target ?? ''}\n`));
      expect(stage).toMatch(/^USER node$/m);
    }
  });
});

describe('mingjing.example.yaml', () => {
  const text = read('mingjing.example.yaml');

  test.each(Object.entries(SCHEMAS))('section %s is one that its process takes', (section, schema) => {
    const env = {
      MINGJING_DATABASE_URL: 'postgresql://localhost/x',
      MINGJING_MEDIA_TOKEN: 'x'.repeat(32),
      MINGJING_MEDIA_TICKET_KEY: 'x'.repeat(32),
    };
    const source = { text, file: 'mingjing.example.yaml', env };
    expect(() => readSection(source, section as ConfigSection, schema)).not.toThrow();
  });

  test.each(Object.entries(SCHEMAS))('section %s shows every key', (section, schema) => {
    const lines = text.split('\n');
    const start = lines.findIndex((line) => line.replace(/^# /, '') === `${section}:`);
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => /^(# )?[a-z]+:$/.test(line));
    const shown = rest.slice(0, end === -1 ? undefined : end).join('\n');
    const missing = Object.keys(schema.shape).filter((key) => !new RegExp(`^[# ]+${key}:`, 'm').test(shown));
    expect(missing).toEqual([]);
  });
});

test('under npm start the media host and the collectors go by the lists of hosts that the centre has', () => {
  const given: Record<string, string> = {
    'centre.production': 'true',
    'centre.cameraHosts': '["10.20.0.0/16","a.example"]',
    'centre.screenHosts': '["10.30.0.0/16"]',
    'collectors.screenHosts': '10.31.0.0/16',
  };
  const installation = {
    options: { dataDir: '/data', demo: true, video: true, json: false },
    settings: { file: undefined, get: (section: string, key: string) => given[`${section}.${key}`] },
    secrets: { centreSecret: 's', ticketKey: 'x'.repeat(32), tokens: {} },
    databaseUrl: 'postgresql://x',
  };
  const at = ['http://127.0.0.1:8080', 'x'.repeat(32)] as const;
  const media = mediaService(installation, ...at, { worker: 'w', ffmpeg: 'f', font: 'n' });
  const read = readSection({ text: '', file: 'none', env: media.env }, 'media', mediaConfigSchema);
  expect(read).toMatchObject({ production: true, cameraHosts: ['10.20.0.0/16', 'a.example'] });
  const { env } = collectorsService(installation, ...at, undefined);
  expect(env).toMatchObject({ MINGJING_COLLECTORS_PRODUCTION: 'true' });
  // Its owner has set it: the centre's does not replace it.
  expect(env['MINGJING_COLLECTORS_SCREEN_HOSTS']).toBeUndefined();
});
