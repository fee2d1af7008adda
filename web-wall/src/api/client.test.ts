import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addressOf } from './client.ts';
import { errorOfAnswer } from './errors.ts';

describe('addresses', () => {
  test('fill parameters and encode them', () => {
    expect(addressOf('GET /api/cases/:caseId', { params: { caseId: 'A/1 号' } })).toEqual([
      'GET',
      '/api/cases/A%2F1%20%E5%8F%B7',
    ]);
  });

  test('repeat lists and leave out what is not set', () => {
    const [, url] = addressOf('GET /api/alerts', {
      query: { kind: ['red', 'risk'], text: '', region: undefined, limit: 20 },
    });
    expect(url).toBe('/api/alerts?kind=red&kind=risk&limit=20');
  });
});

describe('errors', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>proxy</h1>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('an answer that is no problem document still gets its sentence', async () => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(errorOfAnswer(answer.status, null).reason).toBe('unavailable');
    await answer.text();
  });

  test('a problem’s own words are kept', () => {
    const problem = { type: 'about:blank', title: 'Conflict', status: 409, detail: 'alert 7 is closed' };
    expect(errorOfAnswer(409, problem)).toMatchObject({ reason: 'conflict', message: 'alert 7 is closed' });
    expect(errorOfAnswer(418, null).reason).toBe('internal');
  });
});
