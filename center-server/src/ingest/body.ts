import { CLOUDEVENT, CLOUDEVENT_BATCH, MAX_BATCH } from '@mingjing/contracts';
import type { IncomingHttpHeaders } from 'node:http';

/** A request that cannot be read at all; nothing of it was stored. */
export class UnreadableBody extends Error {
  override name = 'UnreadableBody';
  readonly kind: 'invalid' | 'too-large' | 'unsupported-media-type';
  constructor(kind: UnreadableBody['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

function parseJson(body: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new UnreadableBody('invalid', 'the body is not UTF-8');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UnreadableBody('invalid', `the body is not JSON: ${detail}`);
  }
}

/** Header values are percent-encoded (CloudEvents HTTP binding 1.0.2, §3.1.3.2). */
function decodeAttribute(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new UnreadableBody('invalid', `the header ${name} is not percent-encoded UTF-8`);
  }
}

/** CloudEvents binary mode: the attributes are headers, the body is the data. */
function fromBinaryMode(headers: IncomingHttpHeaders, body: Buffer): Record<string, unknown> {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [
      name.slice(3),
      typeof value === 'string' ? decodeAttribute(name, value) : value,
    ]);
  const named = Object.fromEntries(attributes) as Record<string, unknown>;
  return { ...named, data: parseJson(body) };
}

/**
 * Reads the events of an HTTP request: structured, batch or binary mode.
 * @param maxBatch the most events one request may carry
 * @throws UnreadableBody when the whole request is unusable
 */
export function readEvents(headers: IncomingHttpHeaders, body: Buffer, maxBatch = MAX_BATCH): unknown[] {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaType === CLOUDEVENT) return [parseJson(body)];
  if (mediaType === CLOUDEVENT_BATCH) {
    const events = parseJson(body);
    if (!Array.isArray(events))
      throw new UnreadableBody('invalid', 'the batch is not a JSON array of events');
    if (events.length > maxBatch) {
      throw new UnreadableBody(
        'too-large',
        `the batch holds ${events.length} events; expected at most ${maxBatch}`,
      );
    }
    return events;
  }
  if (mediaType === 'application/json' && headers['ce-specversion'] !== undefined)
    return [fromBinaryMode(headers, body)];
  throw new UnreadableBody(
    'unsupported-media-type',
    `the content type is "${mediaType}"; expected ${CLOUDEVENT} or ${CLOUDEVENT_BATCH}`,
  );
}
