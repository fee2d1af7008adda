import { departmentSchema, regionSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { listDepartments } from '../../store/lookups/listDepartments.ts';
import { listRegions } from '../../store/lookups/listRegions.ts';
import { regionQuery } from '../params.ts';
import { EVERYBODY, forRoles, type Route } from '../route.ts';

export const lookupRoutes: Route[] = [
  forRoles(EVERYBODY, {
    method: 'get',
    path: '/api/regions',
    unattended: true,
    tag: 'Places and matters',
    summary: 'The regions that the caller may see, by code.',
    success: { status: 200, schema: z.array(regionSchema) },
    handle: ({ deps, caller }) => listRegions(deps.pool, caller.viewer.region),
  }),
  forRoles(EVERYBODY, {
    method: 'get',
    path: '/api/departments',
    tag: 'Places and matters',
    summary: 'The departments of a region and everything below it.',
    query: regionQuery,
    success: { status: 200, schema: z.array(departmentSchema) },
    handle: ({ deps, caller, query }) => listDepartments(deps.pool, query.region ?? caller.viewer.region),
  }),
];
