import { caseQuerySchema, identifierSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { caseDetailSchema, casePageSchema } from '../../openapi/caseSchemas.ts';
import { getCase } from '../../read/caseDetail.ts';
import { listCases } from '../../read/caseList.ts';
import { storable } from '../params.ts';
import { EVERYBODY, forRoles, type Route } from '../route.ts';

export const caseRoutes: Route[] = [
  forRoles(EVERYBODY, {
    method: 'get',
    path: '/api/cases',
    tag: 'Cases',
    summary: 'Cases in scope, those that moved last first, a page at a time.',
    query: storable(caseQuerySchema),
    success: { status: 200, schema: casePageSchema },
    handle: ({ deps, caller, query }) => listCases(deps.pool, caller.viewer, query, deps),
  }),
  forRoles(EVERYBODY, {
    method: 'get',
    path: '/api/cases/:caseId',
    tag: 'Cases',
    summary: 'Everything known of one case: facts, stages, clock with its arithmetic, cards, events.',
    params: z.strictObject({ caseId: identifierSchema.max(600) }),
    success: { status: 200, schema: caseDetailSchema },
    handle: ({ deps, caller, params }) => getCase(deps.pool, caller.viewer, params.caseId, deps),
  }),
];
