import { ratingQuerySchema } from '@mingjing/contracts';
import { ratingPageSchema } from '../../openapi/schemas.ts';
import { listRatings } from '../../read/ratings.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';

export const ratingRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/ratings',
    tag: 'Cases',
    summary: 'Ratings in scope, the one received last first, a page at a time.',
    query: ratingQuerySchema,
    success: { status: 200, schema: ratingPageSchema },
    handle: ({ deps, caller, query }) => listRatings(deps.pool, caller.viewer, query),
  }),
];
