import type { types } from 'mediasoup';
import { z } from 'zod';
import { identifierSchema, qualitySchema } from '@mingjing/contracts';
import type { Answer } from '@mingjing/contracts';

/** What a viewer may not do, or what cannot be done now; the message is the answer. */
export class Refusal extends Error {
  override name = 'Refusal';
}

const id = z.string().min(1).max(64);

const fingerprintSchema = z.strictObject({
  algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
  value: z.string().max(256),
});

export const ticketRequestSchema = z.strictObject({ ticket: z.string().min(1).max(4096) });
export const createTransportSchema = z.strictObject({});
export const connectTransportSchema = z.strictObject({
  transportId: id,
  dtlsParameters: z.object({
    role: z.enum(['auto', 'client', 'server']).default('auto'),
    fingerprints: z.array(fingerprintSchema).min(1).max(8),
  }),
});
export const watchSchema = z.strictObject({
  camera: identifierSchema,
  quality: qualitySchema.default('main'),
  transportId: id,
  /** mediasoup checks its inside when it is used, and says what is wrong with it. */
  rtpCapabilities: z.custom<types.RtpCapabilities>((value) => typeof value === 'object' && value !== null),
});
export const transportSchema = z.strictObject({ transportId: id });
export const filmSchema = z.strictObject({
  film: id,
  camera: identifierSchema,
  quality: qualitySchema.default('main'),
});
export const consumerSchema = z.strictObject({ consumerId: id });
export const unwatchSchema = z.union([
  consumerSchema,
  z.strictObject({ camera: identifierSchema }),
  z.strictObject({ film: id }),
]);

/**
 * Makes a socket.io listener of an operation: checks the request, answers with the value or with the
 * reason. Problems that are no refusal are reported and answered without their inside.
 */
export function answering<Request, Value>(
  schema: z.ZodType<Request>,
  act: (request: Request) => Promise<Value> | Value,
  onProblem: (problem: unknown) => void,
): (request: unknown, answer: (answer: Answer<Value>) => void) => void {
  const decide = async (request: unknown): Promise<Answer<Value>> => {
    const parsed = schema.safeParse(request);
    if (!parsed.success) return { ok: false, reason: z.prettifyError(parsed.error) };
    try {
      return { ok: true, value: await act(parsed.data) };
    } catch (problem) {
      if (problem instanceof Refusal) return { ok: false, reason: problem.message };
      onProblem(problem);
      return { ok: false, reason: '视频服务出错，请重试 (internal problem, try again)' };
    }
  };
  return (request, answer) => {
    decide(request).then((decision) => {
      // What the types promise a client may not hold: one that wants no answer gives none to call.
      if (typeof (answer as unknown) === 'function') answer(decision);
    }, onProblem);
  };
}
