import { CLOUDEVENT_BATCH, ingestAnswerSchema, problemSchema, type IngestResult } from '@mingjing/contracts';
import { messageOf } from './errors.ts';
import type { Blob } from './outbox.ts';

/** The centre did not take what was sent. `retryAfterMs` is set where it said when to come again. */
export class CentreError extends Error {
  override name = 'CentreError';
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  constructor(message: string, status: number | null, retryAfterMs: number | null = null) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Sending the very same again cannot help: what was sent is wrong in itself. */
  get blamesContent(): boolean {
    return this.status === 400 || this.status === 413 || this.status === 415 || this.status === 422;
  }
}

export interface CentreOptions {
  /** Address of the centre, e.g. http://127.0.0.1:8080 */
  url: string;
  /** The token of the source. */
  token: string;
  /** How long one request may take, ms. */
  timeoutMs?: number;
}

/** The centre as a source sees it. */
export class Centre {
  readonly url: string;
  readonly #token: string;
  readonly #timeoutMs: number;

  constructor(options: CentreOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#token = options.token;
    this.#timeoutMs = options.timeoutMs ?? 60_000;
  }

  /**
   * Posts a batch of events, each as JSON text.
   * @returns one result per event, in their order
   * @throws CentreError
   */
  async postEvents(bodies: readonly string[], signal?: AbortSignal): Promise<IngestResult[]> {
    const response = await this.#request(
      'POST',
      '/api/ingest',
      CLOUDEVENT_BATCH,
      `[${bodies.join(',')}]`,
      signal,
    );
    const answer = ingestAnswerSchema.safeParse(await this.#json(response));
    if (!answer.success || answer.data.results.length !== bodies.length) {
      throw new CentreError(
        `${this.url}/api/ingest answered ${response.status} without a result per event`,
        null,
      );
    }
    return answer.data.results;
  }

  /** Stores a blob under its SHA-256. @throws CentreError */
  async putBlob(blob: Blob, signal?: AbortSignal): Promise<void> {
    const path = `/api/ingest/blobs/${blob.sha256}`;
    const response = await this.#request('PUT', path, blob.mediaType, Buffer.from(blob.bytes), signal);
    await response.arrayBuffer();
  }

  /** Reads JSON from a path of the centre. @throws CentreError */
  async get(path: string, signal?: AbortSignal): Promise<unknown> {
    return this.#json(await this.#request('GET', path, null, null, signal));
  }

  async #json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      throw new CentreError(
        `the answer of ${response.url} ended early or is not JSON: ${messageOf(error)}`,
        null,
      );
    }
  }

  async #request(
    method: string,
    path: string,
    contentType: string | null,
    body: string | Buffer<ArrayBuffer> | null,
    signal?: AbortSignal,
  ): Promise<Response> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(contentType === null ? {} : { 'content-type': contentType }),
    };
    const ends = signal ? AbortSignal.any([signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await fetch(this.url + path, { method, headers, body, signal: ends });
    } catch (error) {
      throw new CentreError(`${method} ${this.url}${path}: no answer: ${messageOf(error)}`, null);
    }
    if (response.ok) return response;
    const said = await problemText(response);
    throw new CentreError(
      `${method} ${this.url}${path}: ${response.status} ${said}`,
      response.status,
      retryAfter(response),
    );
  }
}

/** What a refusing answer says of itself: its RFC 9457 problem, or the beginning of its text. */
async function problemText(response: Response): Promise<string> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    return `(the answer ended early: ${messageOf(error)})`;
  }
  const problem = problemSchema.safeParse(parseJson(text));
  return problem.success
    ? `${problem.data.title}${problem.data.detail ? `: ${problem.data.detail}` : ''}`
    : text.slice(0, 200);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not a problem document: a proxy's page, say. The text itself is shown then.
    return undefined;
  }
}

/** Retry-After in ms: seconds or an HTTP date (RFC 9110 §10.2.3); null when absent or unreadable. */
function retryAfter(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
