import { randomUUID } from 'node:crypto';
import { streamModeSchema, streamStateSchema, type ObservationEvent } from '@mingjing/contracts';
import { z } from 'zod';
import { appendWhenRoom, isAborted, messageOf, pause } from '../outbox/index.ts';
import { defineKind, type KindContext } from './kind.ts';

/** What is read of GET /streams; the media host may say more. */
const statusSchema = z.object({
  camera: z.string(),
  region: z.string(),
  quality: z.enum(['main', 'sub']).optional(),
  state: streamStateSchema,
  mode: streamModeSchema.nullable(),
  codec: z.string().nullable(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  attempt: z.int().min(0),
  retryAt: z.number().nullable(),
  reason: z.string().nullable(),
});
type Status = z.infer<typeof statusSchema>;
type StreamEvent = ObservationEvent<'stream.state'>;

/** After so many questions without an answer the cameras are said to have failed, and why: nobody knows better. */
const SILENT_QUESTIONS = 3;

function dataOf(status: Status): StreamEvent['data'] {
  const { camera, region, state, mode, codec, width, height, attempt, retryAt, reason } = status;
  return {
    ...{ region, camera, state, attempt },
    ...(mode === null ? {} : { mode }),
    ...(codec === null ? {} : { codec }),
    ...(width === null ? {} : { width }),
    ...(height === null ? {} : { height }),
    ...(retryAt === null ? {} : { retryAt: new Date(retryAt).toISOString() }),
    ...(reason === null ? {} : { reason: reason.slice(0, 4000).toWellFormed() }),
  };
}

/** A camera is told of once: by its main stream, or by the small one when only that is wanted. */
function ofCameras(statuses: readonly Status[]): Status[] {
  const told = new Map<string, Status>();
  for (const status of statuses) {
    const known = told.get(status.camera);
    if (!known || (known.state === 'idle' && status.quality === 'sub')) told.set(status.camera, status);
  }
  return [...told.values()];
}

/** Follows the states of cameras: tells each one at first, then whenever it changed. */
export class StreamWatch {
  readonly #told = new Map<string, { text: string; data: StreamEvent['data'] }>();
  #silent = 0;

  /** What is new since the last answer of the media host. */
  answered(statuses: readonly Status[]): StreamEvent['data'][] {
    this.#silent = 0;
    return ofCameras(statuses)
      .map(dataOf)
      .filter((data) => this.#isNew(data));
  }

  /** What is to be said when it did not answer. */
  unanswered(reason: string): StreamEvent['data'][] {
    this.#silent += 1;
    if (this.#silent < SILENT_QUESTIONS) return [];
    const all = [...this.#told.values()].map(({ data: { region, camera } }) => ({
      ...{
        region,
        camera,
        state: 'failed' as const,
        hostSilent: true,
        reason: `the media host does not answer: ${reason}`.slice(0, 4000),
      },
    }));
    return all.filter((data) => this.#isNew(data));
  }

  #isNew(data: StreamEvent['data']): boolean {
    const text = JSON.stringify(data);
    if (this.#told.get(data.camera)?.text === text) return false;
    this.#told.set(data.camera, { text, data });
    return true;
  }
}

async function ask(url: string, token: string, signal: AbortSignal): Promise<Status[]> {
  const response = await fetch(`${url}/streams`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  if (!response.ok) throw new Error(`${url}/streams answered ${response.status}`);
  return z.array(statusSchema).parse(await response.json());
}

async function follow(url: string, token: string, everySeconds: number, context: KindContext): Promise<void> {
  const { outbox, log, source, signal } = context;
  const watch = new StreamWatch();
  let complaint = '';
  while (!isAborted(signal)) {
    let news: StreamEvent['data'][];
    try {
      news = watch.answered(await ask(url, token, signal));
      complaint = '';
    } catch (error) {
      if (isAborted(signal)) return;
      if (messageOf(error) !== complaint)
        log.warn(`the media host does not tell its streams: ${messageOf(error)}`);
      complaint = messageOf(error);
      news = watch.unanswered(complaint);
    }
    const time = new Date().toISOString();
    const items = news.map((data) => ({
      event: { specversion: '1.0' as const, id: randomUUID(), source, type: 'stream.state', time, data },
    }));
    if (items.length > 0) await appendWhenRoom(outbox, items, log, signal);
    await pause(everySeconds * 1000, signal);
  }
}

const options = z.object({
  url: z
    .string()
    .regex(/^https?:\/\//, 'expected http(s)://host[:port]')
    .optional(),
  everySeconds: z.number().positive().max(3600).default(2),
});

/** Stream health: what the media host says of every camera. */
export const video = defineKind('video', options, (values, context) => {
  const { mediaUrl, mediaToken } = context.config;
  if (mediaToken === undefined) {
    context.log.warn(
      'video: no collectors.mediaToken (the token of the media host): stream states are not collected',
    );
    return { done: Promise.resolve() };
  }
  const url = (values.url ?? mediaUrl).replace(/\/+$/, '');
  return { done: follow(url, mediaToken, values.everySeconds, context) };
});
