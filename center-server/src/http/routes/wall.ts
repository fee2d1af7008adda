import { wallSnapshotSchema } from '../../openapi/wallSchemas.ts';
import { wallSnapshot } from '../../read/wall.ts';
import { regionQuery } from '../params.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';

export const wallRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/wall',
    unattended: true,
    tag: 'Wall',
    summary: 'What a wall of one region shows; the same as the answer to a live join.',
    query: regionQuery,
    success: { status: 200, schema: wallSnapshotSchema },
    handle: ({ deps, caller: { viewer }, query }) =>
      wallSnapshot(
        { db: deps.pool, directory: deps.directory, now: deps.now },
        viewer,
        query.region ?? viewer.region,
      ),
  }),
];
