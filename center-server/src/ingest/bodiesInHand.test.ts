import { once } from 'node:events';
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLOUDEVENT } from '@mingjing/contracts';
import express from 'express';
import { pino } from 'pino';
import { openTestCentre, type TestCentre } from '../../../tests/helpers/centre.ts';
import { until } from '../../../tests/helpers/until.ts';
import { answerProblems } from '../http/errors.ts';
import { ingestRouter } from './route.ts';
import { createIngestWriter } from './writer.ts';

const LIMIT = 1000;
let centre: TestCentre;
beforeAll(async () => {
  centre = await openTestCentre();
}, 60_000);
afterAll(() => centre.close());

/** An ingest that takes three bodies of the largest size at once. */
async function openIngest() {
  let lookUps = 0;
  const router = ingestRouter({
    pool: centre.pool,
    writer: createIngestWriter(centre.pool, 100),
    isRegion: () => true,
    now: () => centre.clock.now,
    maxAheadMs: 0,
    blobs: centre.blobs,
    limits: { maxBodyBytes: LIMIT, maxBlobBytes: LIMIT, maxBatch: 10, maxBytesInHand: 3 * LIMIT },
    sourceOf: () => {
      lookUps += 1;
      return Promise.resolve({ id: 'zz-approval', region: '130681' });
    },
  });
  const server = createServer(
    express()
      .use('/', router)
      .use(answerProblems(pino({ level: 'silent' }))),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = (headers: Record<string, string | number>): ClientRequest =>
    request({ port, method: 'POST', headers: { 'content-type': CLOUDEVENT, ...headers } });
  return { server, post, lookUps: () => lookUps };
}

async function answerOf(sent: ClientRequest): Promise<{ status: number; retryAfter: string | undefined }> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
}

test('slow bodies are held within bounds, and their room is given back when their senders go', async () => {
  const { server, post, lookUps } = await openIngest();
  const slow = [1, 2, 3].map(() => post({ 'content-length': LIMIT }));
  const gone = slow.map((one) => once(one, 'close').catch((error: unknown) => error));
  for (const one of slow) {
    one.on('error', () => undefined);
    one.write('{');
  }
  const ask = () => answerOf(post({ 'content-length': 2 }).end('{}'));
  // Asked before the three are in hand, it would take the room of one of them.
  await until(lookUps, (count) => count === slow.length, 30_000);
  let answer = await ask();
  expect(answer.status).toBe(429);
  expect(answer.retryAfter).toBe('1');

  for (const one of slow) one.destroy();
  await Promise.all(gone);
  while (answer.status === 429) answer = await ask();
  expect(answer.status).toBe(200);
  const before = lookUps();
  await ask();
  expect(lookUps()).toBe(before + 1);
  server.closeAllConnections();
  server.close();
}, 60_000);

test('a packed body counts for what it unpacks to', async () => {
  const { server, post } = await openIngest();
  const bomb = gzipSync(Buffer.alloc(1_000_000, ' '));
  const sent = post({ 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb);
  expect((await answerOf(sent)).status).toBe(413);
  server.closeAllConnections();
  server.close();
}, 60_000);
