import { expect, test } from '@jest/globals';
import {
  centreService,
  collectorsService,
  environmentFor,
  mediaService,
  simulateService,
  type Installation,
} from './services.ts';
import type { Settings } from './settings.ts';

const settings: Settings = { file: '/etc/mingjing.yaml', get: () => undefined };
const installation: Installation = {
  options: { dataDir: '/data', demo: true, video: true, json: false },
  settings,
  secrets: {
    centreSecret: 'the-secret-of-the-centre',
    ticketKey: 'the-ticket-key',
    tokens: { media: 'the-token-of-media' },
  },
  databaseUrl: 'postgresql://the-database',
};

/** Names of ours that a child is told. */
const told = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('MINGJING_'))
    .sort();

test('a child is told the sections that it reads, and nothing of the others', () => {
  const env = {
    PATH: '/bin',
    DATABASE_URL: 'postgresql://me:pw@db/x',
    PGPASSWORD: 'pw',
    MINGJING_CENTRE_SECRET: 's',
    MINGJING_DATABASE_URL: 'postgresql://x',
    MINGJING_MEDIA_TOKEN: 't',
    MINGJING_COLLECTORS_TOKEN: 'c',
    MINGJING_SEED_PASSWORD: 'p',
  };
  expect(environmentFor(settings, ['media'], env)).toEqual({
    PATH: '/bin',
    MINGJING_MEDIA_TOKEN: 't',
    MINGJING_CONFIG: '/etc/mingjing.yaml',
  });
  expect(told(environmentFor(settings, ['centre', 'database', 'ingest'], env))).toEqual([
    ...['MINGJING_CENTRE_SECRET', 'MINGJING_CONFIG', 'MINGJING_DATABASE_URL'],
  ]);
});

test('only the centre knows its secret and its database', () => {
  const url = 'http://127.0.0.1:8080';
  const others = [
    mediaService(installation, url, 'the-token-of-media', { worker: 'w', ffmpeg: 'f', font: 'n' }),
    collectorsService(installation, url, 'the-token-of-collectors', undefined),
    simulateService(installation, url),
  ];
  for (const { name, env } of others) {
    expect({ name, env: JSON.stringify(env) }).not.toEqual({
      name,
      env: expect.stringMatching(/the-secret-of-the-centre|the-database/),
    });
  }
  const { env } = centreService(installation);
  expect(env).toMatchObject({
    MINGJING_CENTRE_SECRET: 'the-secret-of-the-centre',
    MINGJING_DATABASE_URL: 'postgresql://the-database',
  });
});
