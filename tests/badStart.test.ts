import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findWorker } from '../scripts/runtime/mediasoup/install.ts';
import { PROJECT_DIR } from '../scripts/runtime/paths.ts';
import { createTestDatabase, type TestDatabase } from './helpers/db.ts';
import { failOnLeaks } from './helpers/leaks.ts';

failOnLeaks();

const LIMIT_MS = 60_000;

interface Ended {
  code: unknown;
  /** What it said on standard error. */
  lines: string[];
}

/** Runs a process that cannot start, to its end. */
function startIn(folder: string, entry: string, env: Record<string, string>): Promise<Ended> {
  const options = { cwd: folder, env: { PATH: process.env['PATH'], ...env }, timeout: LIMIT_MS };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(PROJECT_DIR, entry)], options, (error, _out, err) => {
      resolve({ code: error?.code ?? 0, lines: err.trim().split('\n') });
    });
  });
}

describe('a centre that cannot start ends with 1 and one clear line', () => {
  let database: TestDatabase;
  let folder: string;
  let taken: Server;
  const centre = (env: Record<string, string>) => startIn(folder, 'center-server/src/main.ts', env);

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(path.join(tmpdir(), 'mingjing-start-'));
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  }, LIMIT_MS);
  afterAll(async () => {
    await new Promise((resolve) => taken.close(resolve));
    rmSync(folder, { recursive: true });
    await database.drop();
  }, LIMIT_MS);

  test.each([
    [
      'nobody listens there',
      'postgresql://mingjing:s3cret@127.0.0.1:9/none',
      /database\.url: .*127\.0\.0\.1:9\/none .*ECONNREFUSED/,
    ],
    ['it is no PostgreSQL', 'mysql://127.0.0.1/none', /database\.url: expected postgresql:\/\//],
    ['it is not given', '', /database\.url: /],
  ])(
    'the database: %s',
    async (_name, url, line) => {
      const { code, lines } = await centre({ DATABASE_URL: url, MINGJING_CENTRE_PORT: '0' });
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(line)] });
      expect(lines[0]).not.toContain('s3cret');
    },
    LIMIT_MS,
  );

  test(
    'the database: there is none of that name',
    async () => {
      const url = database.url.replace(/\/test_\w+/, '/nowhere');
      const { code, lines } = await centre({ DATABASE_URL: url, MINGJING_CENTRE_PORT: '0' });
      expect({ code, lines }).toEqual({
        code: 1,
        lines: [expect.stringMatching(/database\.url: .*"nowhere" does not exist/)],
      });
    },
    LIMIT_MS,
  );

  test(
    'the port is taken',
    async () => {
      const { port } = taken.address() as AddressInfo;
      const { code, lines } = await centre({
        DATABASE_URL: database.url,
        MINGJING_CENTRE_PORT: String(port),
      });
      expect(code).toBe(1);
      expect(lines.at(-1)).toMatch(
        new RegExp(`centre\\.port: 127\\.0\\.0\\.1:${port} is already taken.*MINGJING_CENTRE_PORT`),
      );
    },
    LIMIT_MS,
  );

  test.each([
    [
      'an unknown key',
      'centre:\n  host: 127.0.0.1\n  prot: 8080\n',
      /mingjing\.yaml line 3: centre\.prot: unknown key; expected one of host, port/,
    ],
    [
      'an unknown section',
      'centre: {}\ncenter:\n  port: 1\n',
      /mingjing\.yaml line 2: unknown section "center"; expected one of centre/,
    ],
    ['a wrong value', 'centre:\n  port: many\n', /mingjing\.yaml line 2: centre\.port: .*expected number/],
    ['no YAML at all', 'centre: [\n', /mingjing\.yaml: .*line 2/],
  ])(
    'the configuration: %s',
    async (_name, text, line) => {
      writeFileSync(path.join(folder, 'mingjing.yaml'), text);
      const { code, lines } = await centre({ DATABASE_URL: database.url });
      rmSync(path.join(folder, 'mingjing.yaml'));
      expect({ code, first: lines[0] }).toEqual({ code: 1, first: expect.stringMatching(line) });
    },
    LIMIT_MS,
  );

  test(
    'a production without secrets of its own',
    async () => {
      const { code, lines } = await centre({
        DATABASE_URL: database.url,
        MINGJING_CENTRE_PRODUCTION: 'true',
      });
      expect({ code, lines }).toEqual({
        code: 1,
        lines: [expect.stringMatching(/centre\.secret: .*MINGJING_CENTRE_SECRET/)],
      });
    },
    LIMIT_MS,
  );
});

test.each(['media', 'collectors'])(
  'the %s process names an unknown key as well',
  async (name) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-start-'));
    writeFileSync(path.join(folder, 'mingjing.yaml'), `${name}:\n  colour: grey\n`);
    const { code, lines } = await startIn(folder, `${name}/src/main.ts`, {});
    rmSync(folder, { recursive: true });
    expect({ code, first: lines[0] }).toEqual({
      code: 1,
      first: expect.stringMatching(
        new RegExp(`mingjing\\.yaml line 2: ${name}\\.colour: unknown key; expected one of `),
      ),
    });
  },
  LIMIT_MS,
);

test.each([
  ['a port without a certificate', {}, /^media: media\.rtmpsCertFile: missing; media\.rtmpsPort needs/],
  [
    'a certificate that is not there',
    { CERT_FILE: '/nowhere.pem', KEY_FILE: '/nowhere.pem' },
    /^media: rtmps did not start: media\.rtmpsCertFile: .*ENOENT.*; expected a PEM file/,
  ],
  [
    'a certificate that is none',
    { CERT_FILE: import.meta.filename, KEY_FILE: import.meta.filename },
    /^media: rtmps did not start: media\.rtmpsCertFile, media\.rtmpsKeyFile: .*; expected a certificate and its key/,
  ],
])(
  'a media host that cannot take RTMPS says why: %s',
  async (_name, files, line) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mingjing-start-'));
    const given = Object.entries(files).map(([key, file]) => [`MINGJING_MEDIA_RTMPS_${key}`, file] as const);
    const { code, lines } = await startIn(folder, 'media/src/main.ts', {
      ...{ MINGJING_MEDIA_TOKEN: 'x'.repeat(32), MINGJING_MEDIA_TICKET_KEY: 'x'.repeat(32) },
      ...{ MINGJING_MEDIA_PORT: '0', MINGJING_MEDIA_RTC_MIN_PORT: '0', MINGJING_MEDIA_RTMPS_PORT: '0' },
      MEDIASOUP_WORKER_BIN: findWorker() ?? '',
      MINGJING_MEDIA_LOG_LEVEL: 'silent',
      ...Object.fromEntries(given),
    });
    rmSync(folder, { recursive: true });
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: expect.stringMatching(line) });
  },
  LIMIT_MS,
);
