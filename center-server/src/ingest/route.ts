import { readEvents, UnreadableBody } from '@mingjing/contracts';
import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import { ProblemError } from '../http/problems.ts';
import { BlobMismatch, StoreFull, type BlobStore } from '../store/blobs.ts';
import { BodiesInHand } from './bodiesInHand.ts';
import { ingest, type IngestDeps } from './ingest.ts';
import { BusyError } from './writer.ts';

interface Sender {
  id: string;
  region: string;
  screen?: string | null;
}

export interface IngestRouteDeps extends IngestDeps {
  blobs: BlobStore;
  limits: { maxBodyBytes: number; maxBlobBytes: number; maxBatch: number; maxBytesInHand: number };
  /** Who a bearer token belongs to. @throws ProblemError unauthenticated */
  sourceOf: (authorization: string | undefined) => Promise<Sender>;
}

function asProblemError(error: unknown): unknown {
  if (error instanceof UnreadableBody) return new ProblemError(error.kind, error.message);
  if (error instanceof BlobMismatch) return new ProblemError('invalid', error.message);
  if (error instanceof StoreFull) {
    return new ProblemError('unavailable', error.message, { retryAfterSeconds: 60 });
  }
  if (error instanceof BusyError) {
    return new ProblemError('busy', error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  return error;
}

/** The body as bytes; express.raw leaves an empty object where there was none. */
function bytesOf({ body }: { body: unknown }): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/**
 * POST /api/ingest and PUT /api/ingest/blobs/:sha256. The token is checked before the body is read, so
 * that a stranger cannot make the centre hold large bodies, and those of all senders together are bounded.
 */
export function ingestRouter(deps: IngestRouteDeps): Router {
  const router = Router();
  const inHand = new BodiesInHand(deps.limits.maxBytesInHand);
  const admitted =
    (limit: number): RequestHandler =>
    async (request, response, next) => {
      response.locals['sender'] = await deps.sourceOf(request.headers.authorization);
      try {
        inHand.admit(request, response, limit);
      } catch (error) {
        throw asProblemError(error);
      }
      next();
    };
  const body = (limit: number) => [admitted(limit), express.raw({ type: () => true, limit })];

  router.post('/', body(deps.limits.maxBodyBytes), async (request: Request, response: Response) => {
    try {
      const events = readEvents(request.headers, bytesOf(request), deps.limits.maxBatch);
      response.json(await ingest(deps, response.locals['sender'] as Sender, events));
    } catch (error) {
      throw asProblemError(error);
    }
  });
  router.put(
    '/blobs/:sha256',
    body(deps.limits.maxBlobBytes),
    async (request: Request<{ sha256: string }>, response: Response) => {
      try {
        const { sha256 } = request.params;
        const outcome = await deps.blobs.put(sha256, bytesOf(request));
        response.status(outcome === 'stored' ? 201 : 200).json({ sha256, status: outcome });
      } catch (error) {
        throw asProblemError(error);
      }
    },
  );
  return router;
}
