import path from 'node:path';
import compression from 'compression';
import express, { Router, type Express } from 'express';
import { requireSource } from '../auth/callers.ts';
import { ingestRouter } from '../ingest/route.ts';
import { docsRouter } from '../openapi/docs.ts';
import type { AppDeps } from './deps.ts';
import { answerProblems, noSuchAddress } from './errors.ts';
import { healthRouter } from './health.ts';
import { mountRoutes } from './mount.ts';
import { checkOrigin } from './origin.ts';
import { pagesRouter } from './pages.ts';
import { requestLog } from './requestLog.ts';
import { ROUTES } from './routes/index.ts';
import { securityHeaders } from './security.ts';
import { signInLimits } from './signInLimits.ts';

/** The page with which a counter's terminal shares its screen. */
const AGENT_PAGE = path.resolve(import.meta.dirname, '../../agent-page');

/** The largest body of a route that is not ingest. */
const MAX_JSON = '256kb';

/** The whole HTTP house, in the order in which a request meets it. */
export function createApp(deps: AppDeps): Express {
  const { config, log, metrics, pool, ingest, blobs } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.centre.trustProxies);

  app.use(requestLog(log, metrics));
  app.use(securityHeaders(config));
  app.use(healthRouter(deps));
  // Before the body parser and compression: it reads bodies of its own, by bearer token, without cookies.
  const sourceOf = (authorization: string | undefined) => requireSource(pool, authorization);
  app.use('/api/ingest', ingestRouter({ ...ingest, blobs, limits: config.ingest, sourceOf }));

  app.use(compression());
  app.use(checkOrigin(config));
  app.use(express.json({ limit: MAX_JSON }));
  app.post('/api/session', signInLimits(config));
  const routes = Router();
  mountRoutes(routes, deps, ROUTES);
  app.use(routes);
  app.use(docsRouter());
  app.use('/agent', express.static(AGENT_PAGE));
  app.use(pagesRouter(config.centre.webDir));
  app.use(noSuchAddress);
  app.use(answerProblems(log));
  return app;
}
