import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestCentre, PASSWORD, type TestCentre } from '../../../tests/helpers/centre.ts';
import { openApiDocument, openApiPath } from '../openapi/document.ts';
import { ROUTES } from './routes/index.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre({ publicUrl: 'https://mj.example', signInAttempts: 3 });
}, 60_000);
afterAll(() => centre.close());

const signIn = { username: 'inspector', password: PASSWORD };

describe('the origin check', () => {
  test.each([
    ['the public address', { origin: 'https://mj.example' }, 200],
    ['no browser', {}, 200],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['a look-alike', { origin: 'https://mj.example.evil.example' }, 403],
    ['the same name without TLS', { origin: 'http://mj.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('%s: %p → %p', async (_what, headers, status) => {
    const answer = await centre.call('POST /api/session', { body: signIn, headers });
    expect(answer.status).toBe(status);
  });

  test('a page of this machine itself may, another port of it may not', async () => {
    const own = await centre.call('POST /api/session', { body: signIn, headers: { origin: centre.url } });
    expect(own.status).toBe(200);
    const other = await centre.call('POST /api/session', {
      body: signIn,
      headers: { origin: 'http://127.0.0.1:1' },
    });
    expect(other.status).toBe(403);
  });

  test('behind TLS the cookie is Secure', async () => {
    const answer = await centre.call('POST /api/session', { body: signIn });
    expect(answer.headers.getSetCookie()[0]).toContain('Secure');
    expect(answer.headers.get('strict-transport-security')).not.toBeNull();
  });
});

describe('failed sign-ins', () => {
  test('are limited per name; another name is not held up, nor is a right password before', async () => {
    const attempt = (username: string, password: string) =>
      centre.call('POST /api/session', { body: { username, password } });
    for (let n = 0; n < 3; n += 1) expect((await attempt('zz-clerk', 'wrong')).status).toBe(401);
    const limited = await attempt('zz-clerk', PASSWORD);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.body).toMatchObject({ type: 'urn:mingjing:problem:busy', status: 429 });
    expect((await attempt('zz-inspector', PASSWORD)).status).toBe(200);
  });
});

describe('problems', () => {
  test.each([
    ['an address that is not there', 'GET /api/nothing', undefined, 404, 'not-found'],
    ['malformed JSON', 'POST /api/session', '{"username":', 400, 'invalid'],
    ['a malformed escape', 'GET /api/cases/%E0%A4%A', undefined, 400, 'invalid'],
    [
      'a large body',
      'POST /api/session',
      JSON.stringify({ username: 'a'.repeat(300_000) }),
      413,
      'too-large',
    ],
    ['a large batch', 'POST /api/ingest', 'x'.repeat(9 * 1024 * 1024), 413, 'too-large'],
  ])('%s', async (_what, request, body, status, kind) => {
    const token = centre.tokens['zz-approval']!;
    const answer = await centre.call(request, body === undefined ? {} : { body, token });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ type: `urn:mingjing:problem:${kind}`, status });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:/);
  });

  test('name each field that is wrong', async () => {
    const body = { username: 'a\u0000b', extra: 1 };
    const answer = await centre.call('POST /api/session', { body });
    expect(answer.status).toBe(400);
    const { errors } = answer.body as { errors: { field: string; message: string }[] };
    expect(errors.map((error) => error.field).sort()).toEqual(['extra', 'password', 'username']);
    expect(errors.find((error) => error.field === 'username')?.message).toContain('NUL');
  });

  test('a database that is away is told as unavailable, with when to come again', async () => {
    const cookie = await centre.signIn('inspector');
    await centre.pool.query('ALTER TABLE matter RENAME TO matter_gone');
    // The view stands where the table stood, and ends the connection that reads it.
    await centre.pool.query(`
      CREATE FUNCTION cut() RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT pg_terminate_backend(pg_backend_pid())';
      CREATE VIEW matter AS SELECT * FROM matter_gone WHERE cut()`);
    const answer = await centre.call('GET /api/matters', { cookie });
    await centre.pool.query(
      'DROP VIEW matter; ALTER TABLE matter_gone RENAME TO matter; DROP FUNCTION cut()',
    );
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  test('a failure inside is told by a number only', async () => {
    const cookie = await centre.signIn('inspector');
    await centre.pool.query('ALTER TABLE matter RENAME TO matter_gone');
    const answer = await centre.call('GET /api/matters', { cookie });
    await centre.pool.query('ALTER TABLE matter_gone RENAME TO matter');
    expect(answer.status).toBe(500);
    expect((answer.body as { detail: string }).detail).toMatch(
      /^the centre's log tells more under [0-9a-f-]{36}$/,
    );
  });
});

describe('the API reference', () => {
  test('describes every route that is mounted', async () => {
    const { body } = await centre.call('GET /api/openapi.json');
    const { paths, openapi } = body as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(openapi).toBe('3.1.0');
    for (const route of ROUTES) expect(paths[openApiPath(route.path)]).toHaveProperty(route.method);
    expect(paths['/api/ingest']).toHaveProperty('post');
    expect(JSON.stringify(body)).toContain('case.accepted');
    expect(openApiDocument(ROUTES)).toEqual(body);
  });

  test('is a page whose every script comes from here', async () => {
    const page = await centre.call('GET /api/docs');
    expect(page.body).not.toMatch(/<script>|<style|style=|onload=/);
    for (const [, file] of String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([file, (await centre.call(`GET ${file!}`)).status]).toEqual([file, 200]);
    }
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  });
});

describe('the pages', () => {
  test('without a build the answer says so; with one, every page address gives it', async () => {
    expect((await centre.call('GET /wall')).status).toBe(503);
    const web = centre.config.centre.webDir;
    await mkdir(path.join(web, 'assets'), { recursive: true });
    await writeFile(path.join(web, 'index.html'), '<title>明镜</title>');
    await writeFile(path.join(web, 'assets/app-1a2b.js'), '1');
    const page = await centre.call('GET /cases/130681%2FA1');
    expect([page.status, page.body, page.headers.get('cache-control')]).toEqual([
      200,
      '<title>明镜</title>',
      'no-cache',
    ]);
    const asset = await centre.call('GET /assets/app-1a2b.js');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await centre.call('GET /assets/gone.js')).status).toBe(404);
  });

  test('health, readiness and figures answer', async () => {
    expect((await centre.call('GET /healthz')).status).toBe(200);
    expect((await centre.call('GET /readyz')).status).toBe(200);
    expect((await centre.call('GET /metrics')).body).toContain(
      'mingjing_http_request_duration_seconds_bucket',
    );
  });
});
