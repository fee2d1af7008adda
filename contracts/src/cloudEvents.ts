import { CLOUDEVENT, CLOUDEVENT_BATCH, MAX_BATCH } from './ingest.ts';

/** A request that cannot be read at all; nothing of it was taken. */
export class UnreadableBody extends Error {
  override name = 'UnreadableBody';
  readonly kind: 'invalid' | 'too-large' | 'unsupported-media-type';
  constructor(kind: UnreadableBody['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** HTTP headers as Node gives them: names in small letters. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

function parseJson(body: Uint8Array): unknown {
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
function fromBinaryMode(headers: Headers, body: Uint8Array): Record<string, unknown> {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [
      name.slice('ce-'.length),
      typeof value === 'string' ? decodeAttribute(name, value) : value,
    ]);
  const named = Object.fromEntries(attributes) as Record<string, unknown>;
  return { ...named, data: parseJson(body) };
}

function mediaTypeOf(headers: Headers): string {
  const given = headers['content-type'];
  return (typeof given === 'string' ? given : '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads the events of an HTTP request as CloudEvents' HTTP binding has them: structured, batch or binary mode.
 * The events themselves are not checked.
 * @param maxBatch the most events one request may carry
 * @throws UnreadableBody when the whole request is unusable
 */
export function readEvents(headers: Headers, body: Uint8Array, maxBatch = MAX_BATCH): unknown[] {
  const mediaType = mediaTypeOf(headers);
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
