import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@mingjing/contracts';
import { pino } from 'pino';
import { appendWhenRoom, Centre, Outbox, Sender } from './index.ts';

const log = pino({ level: 'silent' });
let folder: string;
let outbox: Outbox;
let closers: (() => Promise<unknown>)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sender-'));
  outbox = new Outbox({ file: join(folder, 'o.sqlite') });
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  outbox.close();
  rmSync(folder, { recursive: true });
});

const event = (id: string, note = ''): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'hall-1',
  type: 'heartbeat',
  time: '2026-11-22T09:41:07+08:00',
  data: { region: '130600', note },
});

interface Request {
  path: string;
  events: CloudEvent[];
  body: Buffer;
  headers: IncomingMessage['headers'];
}
type Answer = (request: Request, response: ServerResponse, nth: number) => void;

const stored: Answer = ({ events }, response) => {
  const results = events.map(({ id }, index) => ({ index, id, status: 'stored' }));
  response.end(JSON.stringify({ stored: events.length, duplicate: 0, rejected: 0, results }));
};
const refuse =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end(JSON.stringify({ type: 'about:blank', title: 'no', status }));
const dieHalfWay: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"stored":', () => response.destroy());
};

/** A centre over real HTTP that answers the nth request as told, and takes everything after that. */
async function centreThat(...answers: Answer[]): Promise<{ url: string; requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isBatch = request.headers['content-type'] === 'application/cloudevents-batch+json';
      const events = isBatch ? (JSON.parse(body.toString()) as CloudEvent[]) : [];
      const seen = { path: `${request.method} ${request.url}`, events, body, headers: request.headers };
      requests.push(seen);
      (answers[requests.length - 1] ?? stored)(seen, response, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function send(url: string, options: Partial<ConstructorParameters<typeof Sender>[0]> = {}): Sender {
  const centre = new Centre({ url, token: 'secret' });
  const sender = new Sender({ outbox, centre, log, backoff: { firstMs: 1, mostMs: 5 }, ...options });
  sender.start();
  closers.push(() => sender.stop());
  return sender;
}

const emptied = async (): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const check = (): void => (outbox.waiting === 0 ? resolve(undefined) : undefined);
  const forget = outbox.onChange(check);
  check();
  await promise;
  forget();
};
const ids = (requests: Request[]): string[] => requests.flatMap(({ events }) => events.map(({ id }) => id));
const fill = (count: number): number =>
  outbox.append(Array.from({ length: count }, (_, n) => ({ event: event(`e${n}`) })));

describe('the sender', () => {
  it('delivers in order, in batches, with its token', async () => {
    fill(25);
    const { url, requests } = await centreThat();
    send(url, { maxBatch: 10 });
    await emptied();
    expect(requests.map(({ events }) => events.length)).toEqual([10, 10, 5]);
    expect(ids(requests)).toEqual(Array.from({ length: 25 }, (_, n) => `e${n}`));
    expect(requests[0]!.headers.authorization).toBe('Bearer secret');
  });

  it('outlasts 500, 503, 401, an answer cut off half-way and one that is no answer, losing nothing', async () => {
    fill(3);
    const garbage: Answer = (_, response) => response.end('<html>');
    const { url, requests } = await centreThat(refuse(500), refuse(503), refuse(401), dieHalfWay, garbage);
    send(url);
    await emptied();
    expect(requests).toHaveLength(6);
    expect(ids(requests.slice(-1))).toEqual(['e0', 'e1', 'e2']);
  });

  it('honours Retry-After before its own back-off', async () => {
    fill(1);
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    const { url } = await centreThat(refuse(429, { 'retry-after': '7' }), refuse(503));
    send(url, { wait });
    await emptied();
    expect(waits[0]).toBe(7000);
    expect(waits[1]).toBeLessThan(10);
  });

  it('waits for a centre that is not there yet', async () => {
    const { url } = await centreThat();
    await closers.pop()!();
    fill(2);
    const sender = send(url);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const watch = setInterval(() => sender.failures >= 3 && resolve(undefined), 2);
    await promise;
    clearInterval(watch);
    expect(outbox.waiting).toBe(2);
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const events = JSON.parse(Buffer.concat(chunks).toString()) as CloudEvent[];
        stored({ events } as Request, response, 1);
      });
    });
    await new Promise<void>((done) => server.listen(Number(new URL(url).port), '127.0.0.1', done));
    closers.push(() => new Promise((done) => server.close(done).closeAllConnections()));
    await emptied();
  });

  it('records what the centre rejects, and goes on', async () => {
    fill(3);
    const rejectSecond: Answer = ({ events }, response) => {
      const results = events.map(({ id }, index) =>
        index === 1
          ? { index, id, status: 'rejected', reason: 'time: year 9999' }
          : { index, id, status: 'duplicate' },
      );
      response.end(JSON.stringify({ stored: 0, duplicate: 2, rejected: 1, results }));
    };
    const { url, requests } = await centreThat(rejectSecond);
    send(url);
    await emptied();
    expect(requests).toHaveLength(1);
    expect(outbox.rejected()).toMatchObject([{ id: 'e1', reason: 'time: year 9999' }]);
  });

  it('halves a request that is refused as a whole, down to the one event to blame', async () => {
    fill(9);
    const noE5: Answer = (request, response, nth) =>
      (request.events.some(({ id }) => id === 'e5') ? refuse(413) : stored)(request, response, nth);
    const { url } = await centreThat(...Array<Answer>(40).fill(noE5));
    send(url);
    await emptied();
    expect(outbox.rejected().map(({ id }) => id)).toEqual(['e5']);
    expect(outbox.rejected()[0]!.reason).toContain('413');
  });

  it('sends a blob once, before the first event that names it', async () => {
    const bytes = Buffer.from('jpeg');
    const blob = { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'image/jpeg', bytes };
    outbox.append([{ event: event('a') }, { event: event('b'), blob }, { event: event('c'), blob }]);
    const { url, requests } = await centreThat(refuse(503), (_, response) => response.writeHead(201).end());
    send(url);
    await emptied();
    expect(requests.map(({ path }) => path)).toEqual([
      `PUT /api/ingest/blobs/${blob.sha256}`,
      `PUT /api/ingest/blobs/${blob.sha256}`,
      'POST /api/ingest',
    ]);
    expect(requests[1]!.body.toString()).toBe('jpeg');
    expect(ids(requests)).toEqual(['a', 'b', 'c']);
  });

  it('rejects only the event whose blob can never be taken', async () => {
    const bytes = Buffer.from('not an image');
    const blob = { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'image/jpeg', bytes };
    outbox.append([{ event: event('a'), blob }, { event: event('b') }]);
    const { url, requests } = await centreThat(refuse(415));
    send(url);
    await emptied();
    expect(ids(requests)).toEqual(['b']);
    expect(outbox.rejected()).toMatchObject([
      { id: 'a', reason: expect.stringContaining('its picture was refused') },
    ]);
  });

  it('lets a full outbox hold its reader back until events leave', async () => {
    outbox.close();
    outbox = new Outbox({ file: join(folder, 'small.sqlite'), maxBytes: 400 });
    fill(2);
    const signal = new AbortController().signal;
    const reader = appendWhenRoom(outbox, [{ event: event('late', 'x'.repeat(200)) }], log, signal);
    expect(outbox.waiting).toBe(2);
    const { url, requests } = await centreThat();
    send(url);
    expect(await reader).toBe(1);
    await emptied();
    expect(ids(requests)).toEqual(['e0', 'e1', 'late']);
  });
});
