import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { ProblemError } from '../http/problems.ts';
import { BlobMismatch, type BlobStore } from '../store/blobs.ts';
import { readEvents, UnreadableBody } from './body.ts';
import { ingest, type IngestDeps } from './ingest.ts';
import { BusyError } from './writer.ts';

export interface IngestRouteDeps extends IngestDeps {
  blobs: BlobStore;
  limits: { maxBodyBytes: number; maxBlobBytes: number; maxBatch: number };
  /** Who a bearer token belongs to. @throws ProblemError unauthenticated */
  sourceOf: (authorization: string | undefined) => Promise<{ id: string; region: string }>;
}

function asProblemError(error: unknown): unknown {
  if (error instanceof UnreadableBody) return new ProblemError(error.kind, error.message);
  if (error instanceof BlobMismatch) return new ProblemError('invalid', error.message);
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
 * that a stranger cannot make the centre hold large bodies.
 */
export function ingestRouter(deps: IngestRouteDeps): Router {
  const router = Router();
  const source = (request: Request) => deps.sourceOf(request.headers.authorization);
  const admitted = (request: Request, _response: Response, next: NextFunction) => {
    source(request).then(() => next(), next);
  };
  const bytes = (limit: number) => express.raw({ type: () => true, limit });

  router.post('/', admitted, bytes(deps.limits.maxBodyBytes), async (request, response) => {
    try {
      const events = readEvents(request.headers, bytesOf(request), deps.limits.maxBatch);
      response.json(await ingest(deps, await source(request), events));
    } catch (error) {
      throw asProblemError(error);
    }
  });
  router.put(
    '/blobs/:sha256',
    admitted,
    bytes(deps.limits.maxBlobBytes),
    async (request: Request<{ sha256: string }>, response) => {
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
