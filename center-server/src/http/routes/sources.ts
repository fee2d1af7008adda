import { newSourceSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { newToken, sourceTokenHash } from '../../auth/tokens.ts';
import { maySee } from '../../auth/viewer.ts';
import { createdSourceSchema } from '../../openapi/schemas.ts';
import { sourceStateSchema } from '../../openapi/wallSchemas.ts';
import { scopePattern } from '../../read/scope.ts';
import { sourceStates } from '../../read/tiles.ts';
import { inTransaction } from '../../store/database.ts';
import { disableSource } from '../../store/sources/disableSource.ts';
import { getSource } from '../../store/sources/getSource.ts';
import { insertSource } from '../../store/sources/insertSource.ts';
import { nameParams } from '../params.ts';
import { checkOwnRegion } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, type Route } from '../route.ts';

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
      const token = newToken('mjs_');
      return inTransaction(deps.pool, async (client) => {
        if (!(await insertSource(client, body, sourceTokenHash(token)))) {
          throw new ProblemError('conflict', `there is a source "${body.id}"`);
        }
        const { region, kind, id: object } = body;
        await appendAudit(client, {
          at: deps.now(),
          actor: viewer.username,
          region,
          action: 'source.added',
          object,
          detail: { kind },
        });
        return { id: body.id, token };
      });
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
      const source = await getSource(deps.pool, id);
      if (!source || !maySee(viewer, source.region))
        throw new ProblemError('not-found', `there is no source "${id}"`);
      await inTransaction(deps.pool, async (client) => {
        await disableSource(client, id);
        const { region } = source;
        await appendAudit(client, {
          at: deps.now(),
          actor: viewer.username,
          region,
          action: 'source.disabled',
          object: id,
        });
      });
    },
  }),
];
