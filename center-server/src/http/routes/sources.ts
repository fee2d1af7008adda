import { newSourceSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { addSource, endSource, rotateToken } from '../../auth/sourceTokens.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { createdSourceSchema } from '../../openapi/schemas.ts';
import { sourceStateSchema } from '../../openapi/wallSchemas.ts';
import { scopePattern } from '../../read/scope.ts';
import { sourceStates } from '../../read/tiles.ts';
import { inTransaction } from '../../store/database.ts';
import { getSource } from '../../store/sources/getSource.ts';
import type { AppDeps } from '../deps.ts';
import { nameParams } from '../params.ts';
import { checkOwnRegion } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, type Route } from '../route.ts';

/** @throws ProblemError not-found, also for a source that lies outside the viewer's region */
async function checkOwnSource(deps: AppDeps, viewer: Viewer, id: string): Promise<void> {
  const source = await getSource(deps.pool, id);
  if (!source || !maySee(viewer, source.region))
    throw new ProblemError('not-found', `there is no source "${id}"`);
}

export const sourceRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/sources',
    tag: 'Administration',
    summary: 'Who may post, and when each was heard from last.',
    success: { status: 200, schema: z.array(sourceStateSchema) },
    handle: ({ deps, caller }) => sourceStates(deps.pool, scopePattern(caller.viewer)),
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/sources',
    tag: 'Administration',
    summary: 'Add a source. The answer holds its token, this once.',
    body: newSourceSchema,
    success: { status: 201, schema: createdSourceSchema },
    async handle({ deps, caller: { viewer }, body }) {
      await checkOwnRegion(deps.pool, viewer, body.region);
      const by = { actor: viewer.username, at: deps.now() };
      return inTransaction(deps.pool, (client) => addSource(client, by, body));
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'delete',
    path: '/api/sources/:id',
    tag: 'Administration',
    summary: 'Disable a source: its token is refused from now on; what it sent stays.',
    params: nameParams,
    success: { status: 204 },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      await checkOwnSource(deps, viewer, id);
      const by = { actor: viewer.username, at: deps.now() };
      await inTransaction(deps.pool, (client) => endSource(client, by, id));
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/sources/:id/token',
    tag: 'Administration',
    summary:
      'Give a source a new token and enable it. The answer holds the token, this once; the old one is refused from now on.',
    params: nameParams,
    success: { status: 200, schema: createdSourceSchema },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      await checkOwnSource(deps, viewer, id);
      const by = { actor: viewer.username, at: deps.now() };
      return inTransaction(deps.pool, (client) => rotateToken(client, by, id));
    },
  }),
];
