import path from 'node:path';
import express, { Router } from 'express';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { ROUTES } from '../http/routes/index.ts';
import { openApiDocument } from './document.ts';

/** /api/openapi.json and /api/docs, the reference to browse; everything is served from here. */
export function docsRouter(): Router {
  const document = JSON.stringify(openApiDocument(ROUTES));
  const own = (name: string) => path.join(import.meta.dirname, name);
  const router = Router();
  router.get('/api/openapi.json', (_request, response) => {
    response.type('application/json').send(document);
  });
  router.get('/api/docs', (_request, response) => response.sendFile(own('docs.html')));
  router.get('/api/docs/initializer.js', (_request, response) => response.sendFile(own('initializer.js')));
  router.use('/api/docs', express.static(getAbsoluteFSPath(), { index: false, maxAge: '1d' }));
  return router;
}
