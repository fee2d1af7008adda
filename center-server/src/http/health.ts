import { Router } from 'express';
import { collectDefaultMetrics } from 'prom-client';
import { bearerToken } from '../auth/tokens.ts';
import type { AppDeps } from './deps.ts';
import { ProblemError } from './problems.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** /healthz: the process lives; /readyz: its database answers; /metrics: figures for Prometheus. */
export function healthRouter({ pool, metrics, config }: AppDeps): Router {
  collectDefaultMetrics({ register: metrics });
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  router.get('/readyz', async (_request, response) => {
    try {
      await pool.query('SELECT 1');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ProblemError('unavailable', `the database does not answer: ${why}`);
    }
    response.json({ ok: true });
  });
  router.get('/metrics', async (request, response) => {
    const { metricsToken } = config.centre;
    const known = metricsToken !== undefined && bearerToken(request.headers.authorization) === metricsToken;
    if (!known && !LOOPBACK.has(request.ip ?? '')) {
      throw new ProblemError(
        'forbidden',
        'figures are for this machine, or for a bearer of centre.metricsToken',
      );
    }
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  return router;
}
