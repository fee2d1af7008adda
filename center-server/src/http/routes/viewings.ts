import { identifierSchema, qualitySchema, viewingNewsSchema, type ViewingPage } from '@mingjing/contracts';
import { z } from 'zod';
import { millis } from '../../openapi/schemas.ts';
import { listViewings } from '../../store/viewings/listViewings.ts';
import { keepViewings } from '../../viewings/keepViewings.ts';
import { instantOf, pageQuery, storable } from '../params.ts';
import { ADMINISTRATORS, forRoles, forSources, type Route } from '../route.ts';

const viewingPageSchema = z.object({
  viewings: z.array(
    z.object({
      ...{ seq: z.int(), id: z.uuid(), camera: identifierSchema, cameraName: z.string(), region: z.string() },
      ...{ user: z.string(), quality: qualitySchema, carriedBy: z.enum(['webrtc', 'film']) },
      ...{ startedAt: millis, endedAt: millis.nullable() },
    }),
  ),
  next: z.int().nullable(),
  total: z.int(),
}) satisfies z.ZodType<ViewingPage>;

export const viewingRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/viewings',
    tag: 'Administration',
    summary: 'Who watched which camera live, from when until when; the latest first.',
    query: storable(
      z.strictObject({
        ...pageQuery.shape,
        ...{ camera: z.string().max(200).optional(), user: z.string().max(200).optional() },
        ...{ since: z.string().optional(), until: z.string().optional() },
      }),
    ),
    success: { status: 200, schema: viewingPageSchema },
    async handle({ deps, caller, query: { limit, since, until, ...query } }): Promise<ViewingPage> {
      const { viewings, total } = await listViewings(deps.pool, caller.viewer.region, {
        ...query,
        since: instantOf('since', since),
        until: instantOf('until', until),
        limit: limit + 1,
      });
      const page = viewings.slice(0, limit);
      return { viewings: page, next: viewings.length > limit ? (page.at(-1)?.seq ?? null) : null, total };
    },
  }),
  forSources(['media'], {
    method: 'post',
    path: '/api/service/viewings',
    tag: 'Services',
    summary: 'Who watches which camera of a media host. Safe to repeat.',
    body: viewingNewsSchema,
    success: { status: 200, schema: z.strictObject({}) },
    async handle({ deps, caller: { source }, body }) {
      await keepViewings(deps.pool, source, body, deps.now());
      return {};
    },
  }),
];
