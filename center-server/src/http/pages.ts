import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { Router } from 'express';
import { ProblemError } from './problems.ts';

/** Files whose name holds a hash of their content may be kept for ever. */
const HASHED = /[/\\]assets[/\\]/;

/** The web wall: built files, and index.html for every address that its own router knows. */
export function pagesRouter(webDir: string): Router {
  const root = path.resolve(webDir);
  const index = path.join(root, 'index.html');
  const router = Router();
  router.use(
    express.static(root, {
      index: false,
      setHeaders: (response, file) =>
        response.setHeader(
          'Cache-Control',
          HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    }),
  );
  router.use((request, response, next) => {
    // A case's number may hold a dot: what a browser opens as a page is one, whatever it ends with.
    const wantsPage =
      path.extname(request.path) === '' || (request.headers.accept?.includes('text/html') ?? false);
    if (request.method !== 'GET' || !wantsPage || /^\/(api|assets)\//.test(request.path)) {
      next();
      return;
    }
    if (!existsSync(index))
      throw new ProblemError('unavailable', `the web wall is not built: there is no ${index}`);
    response.sendFile(index, { headers: { 'Cache-Control': 'no-cache' }, cacheControl: false });
  });
  return router;
}
