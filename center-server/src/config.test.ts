import { describe, expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';

const env = { MINGJING_DATABASE_URL: 'postgresql://localhost/mingjing' };
const source = (text: string, more: Record<string, string> = {}) => ({
  text,
  file: 'mingjing.yaml',
  env: { ...env, ...more },
});
const secret = 'x'.repeat(32);

describe('configuration', () => {
  test('stands on its defaults, the file and the environment, in this order', () => {
    const config = loadConfig(
      source('centre:\n  port: 9000\n  host: 0.0.0.0\n', { MINGJING_CENTRE_PORT: '9001' }),
    );
    expect(config.centre).toMatchObject({ port: 9001, host: '0.0.0.0', sessionHours: 12, production: false });
    expect(config.ingest.maxBodyBytes).toBe(8 * 1024 * 1024);
  });

  test('DATABASE_URL serves where MINGJING_DATABASE_URL is absent', () => {
    const url = 'postgres://other/db';
    expect(loadConfig({ text: '', file: 'f', env: { DATABASE_URL: url } }).database.url).toBe(url);
    expect(() => loadConfig({ text: '', file: 'f', env: {} })).toThrow(/database\.url/);
  });

  test('a production start needs secrets of its own', () => {
    const production = { MINGJING_CENTRE_PRODUCTION: 'true' };
    expect(() => loadConfig(source('', production))).toThrow(/MINGJING_CENTRE_SECRET/);
    expect(() => loadConfig(source('', { ...production, MINGJING_CENTRE_SECRET: secret }))).toThrow(
      /MINGJING_CENTRE_TICKET_KEY/,
    );
    const both = { MINGJING_CENTRE_SECRET: secret, MINGJING_CENTRE_TICKET_KEY: secret };
    expect(() => loadConfig(source('', { ...production, ...both }))).toThrow(
      /MINGJING_CENTRE_CREDENTIALS_KEY/,
    );
    const all = {
      ...both,
      MINGJING_CENTRE_CREDENTIALS_KEY: secret,
      MINGJING_CENTRE_OLD_CREDENTIALS_KEYS: secret,
    };
    expect(loadConfig(source('', { ...production, ...all })).centre).toMatchObject({
      ...{ production: true, oldCredentialsKeys: [secret] },
    });
    expect(loadConfig(source('', { MINGJING_CENTRE_PRODUCTION: 'false' })).centre.production).toBe(false);
  });

  test.each([
    ['centre:\n  prot: 1\n', /mingjing\.yaml line 2: centre\.prot: unknown key/],
    ['centre:\n  port: 70000\n', /line 2: centre\.port/],
    ['centre:\n  secret: short\n', /line 2: centre\.secret: expected at least 32/],
    ['database:\n  poolSize: 2\n', /line 2: database\.poolSize: expected 3 or more/],
    ['center:\n  port: 1\n', /unknown section "center"/],
  ])('%j stops the start and names itself', (text, message) => {
    expect(() => loadConfig(source(text))).toThrow(message);
  });
});
