import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConfigError,
  envelopeSchema,
  readEvents,
  UnreadableBody,
  type CloudEvent,
  type IngestAnswer,
  type IngestResult,
} from '@mingjing/contracts';
import { z } from 'zod';
import { messageOf, OutboxFullError } from '../outbox/index.ts';
import { defineKind, type KindContext } from './kind.ts';

/** A request that is refused as a whole. */
class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Addresses that only this machine reaches. */
const LOOPBACK = /^(127\.[\d.]+|::1|localhost)$/;

const options = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8082),
  /** What senders have to show as Authorization: Bearer …; may be left out where only this machine reaches the port. */
  bearer: z.string().min(16).optional(),
  maxBodyBytes: z
    .int()
    .positive()
    .default(8 * 1024 * 1024),
});
type PushOptions = z.output<typeof options>;

async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new Refusal(413, `the body is larger than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function check(raw: unknown, index: number): { result: IngestResult; event?: CloudEvent } {
  const parsed = envelopeSchema.safeParse(raw);
  if (parsed.success) return { result: { index, id: parsed.data.id, status: 'stored' }, event: parsed.data };
  const issue = parsed.error.issues[0];
  const reason = `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`;
  return { result: { index, id: null, status: 'rejected', reason } };
}

/** Answers as the centre's own ingest does; `stored` means: safe on this machine's disk. */
function take(events: unknown[], context: KindContext): IngestAnswer {
  const checked = events.map(check);
  const items = checked.flatMap(({ event }) => (event ? [{ event }] : []));
  if (items.length > 0) context.outbox.append(items);
  const results = checked.map(({ result }) => result);
  return { stored: items.length, duplicate: 0, rejected: results.length - items.length, results };
}

function isSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function answer(
  request: IncomingMessage,
  values: PushOptions,
  context: KindContext,
): Promise<IngestAnswer> {
  if (request.method !== 'POST') throw new Refusal(405, `expected POST, not ${request.method}`);
  if (
    values.bearer !== undefined &&
    !isSecret(request.headers.authorization ?? '', `Bearer ${values.bearer}`)
  ) {
    throw new Refusal(401, 'expected Authorization: Bearer with the token of this endpoint');
  }
  return take(readEvents(request.headers, await bodyOf(request, values.maxBodyBytes)), context);
}

const STATUS: Record<UnreadableBody['kind'], number> = {
  invalid: 400,
  'too-large': 413,
  'unsupported-media-type': 415,
};

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  if (error instanceof UnreadableBody) return STATUS[error.kind];
  return error instanceof OutboxFullError ? 503 : 500;
}

function refuse(error: unknown, response: ServerResponse, context: KindContext): void {
  const full = error instanceof OutboxFullError;
  const status = statusOf(error);
  if (full) response.setHeader('retry-after', '5');
  if (status >= 500) context.log.error(`http-push: ${messageOf(error)}`);
  const detail = full || status === 500 ? 'it could not be kept; send it again later' : messageOf(error);
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(JSON.stringify({ type: 'about:blank', title: 'not taken', status, detail }));
}

/** A small HTTP endpoint to which other systems post CloudEvents; they go on through the outbox. */
export const httpPush = defineKind('http-push', options, async (values, context) => {
  if (values.bearer === undefined && !LOOPBACK.test(values.host)) {
    throw new ConfigError(
      `collectors.kinds: http-push: bearer: expected a secret, because ${values.host} is reached by other machines`,
    );
  }
  const server = createServer((request, response) => {
    answer(request, values, context).then(
      (result) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(result));
      },
      (error: unknown) => refuse(error, response, context),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`http-push cannot listen on ${values.host}:${values.port}: ${messageOf(error)}`)),
    );
    server.listen(values.port, values.host, resolve);
  });
  const done = new Promise<void>((resolve) => {
    server.once('close', resolve);
    context.signal.addEventListener('abort', () => {
      server.close();
      server.closeAllConnections();
    });
  });
  return { url: `http://${values.host}:${(server.address() as AddressInfo).port}`, done };
});
