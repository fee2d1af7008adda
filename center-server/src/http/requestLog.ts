import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import type { Viewer } from '../auth/viewer.ts';

function durations(metrics: Registry): Histogram<'method' | 'route' | 'status'> {
  return new Histogram({
    name: 'mingjing_http_request_duration_seconds',
    help: 'How long requests took, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
}

function viewerOf(response: Response): string | undefined {
  return (response.locals['viewer'] as Viewer | undefined)?.username;
}

/** Logs and measures each request: never its query, headers or body, where tickets and passwords are. */
export function requestLog(log: Logger, metrics: Registry): RequestHandler {
  const seconds = durations(metrics);
  return (request, response, next) => {
    const started = performance.now();
    // Express cuts `path` while it walks through routers: take it now.
    const { method, path } = request;
    response.on('finish', () => {
      const ms = performance.now() - started;
      // An address made up by a caller must not make a series of its own.
      const route = (response.locals['route'] as string | undefined) ?? 'other';
      seconds.observe({ method, route, status: String(response.statusCode) }, ms / 1000);
      const level = response.statusCode >= 500 ? 'warn' : 'debug';
      log[level](
        { method, path, status: response.statusCode, ms: Math.round(ms), user: viewerOf(response) },
        'request',
      );
    });
    next();
  };
}
