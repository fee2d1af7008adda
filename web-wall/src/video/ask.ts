import type { Answer, MediaClientEvents, MediaServerEvents } from '@mingjing/contracts';
import type { Socket } from 'socket.io-client';

export type MediaSocket = Socket<MediaServerEvents, MediaClientEvents>;

export type MediaRequest<E extends keyof MediaClientEvents> = Parameters<MediaClientEvents[E]>[0];
type AnswerOf<E extends keyof MediaClientEvents> = Parameters<Parameters<MediaClientEvents[E]>[1]>[0];
export type Value<E extends keyof MediaClientEvents> = Extract<AnswerOf<E>, { ok: true }>['value'];

/** The media host answered no, or not at all. Its message says why. */
class MediaRefusal extends Error {
  override name = 'MediaRefusal';
}

const ANSWER_WITHIN_MS = 15_000;

interface LooseEmitter {
  emitWithAck: (event: string, request: unknown) => Promise<unknown>;
}

/**
 * Asks the media host.
 * @throws MediaRefusal when it refuses; Error when it does not answer within 15 s or the connection breaks
 */
export async function ask<E extends keyof MediaClientEvents>(
  socket: MediaSocket,
  event: E,
  request: MediaRequest<E>,
): Promise<Value<E>> {
  // socket.io's types cannot follow an event name that is a type parameter; ours above do.
  const emitter = socket.timeout(ANSWER_WITHIN_MS) as unknown as LooseEmitter;
  const answer = (await emitter.emitWithAck(event, request)) as Answer<Value<E>>;
  if (!answer.ok) throw new MediaRefusal(answer.reason);
  return answer.value;
}
