import { identifierSchema, recordingOrderSchema, segmentNewsSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { Playbacks } from '../../audit/playbacks.ts';
import { signTicket } from '../../auth/tickets.ts';
import type { Viewer } from '../../auth/viewer.ts';
import {
  recordedExtentsSchema,
  recordedSpansSchema,
  segmentsSchema,
} from '../../openapi/recordingSchemas.ts';
import { recordingOrders } from '../../read/recordingOrders.ts';
import { scopePattern } from '../../read/scope.ts';
import { inTransaction, type Queryable } from '../../store/database.ts';
import { deleteSegments } from '../../store/recordings/deleteSegments.ts';
import { listExtents } from '../../store/recordings/listExtents.ts';
import { listSegments, listSpans } from '../../store/recordings/listSegments.ts';
import { putSegments } from '../../store/recordings/putSegments.ts';
import { saveStorage } from '../../store/recordings/saveStorage.ts';
import { instantOf, regionQuery } from '../params.ts';
import { ProblemError } from '../problems.ts';
import { forRoles, forSources, WATCHERS, type Route } from '../route.ts';
import { spanOf } from '../span.ts';

const HOUR_MS = 3_600_000;
const MOST_SEGMENTS_MS = HOUR_MS;
const MOST_SPANS_MS = 8 * 24 * HOUR_MS;
/** As many cameras as are played side by side, and some to choose from. */
const MOST_CAMERAS = 16;
/** Segments that follow one another are some ms apart where their times were reckoned anew. */
const SEAM_MS = 1500;
/** How long the address of a picture may be used. */
const FETCH_WITHIN_MS = 60_000;

const span = { from: z.string().optional(), to: z.string().optional() };

const playbacks = new Playbacks();

/**
 * The regions of cameras, in their order.
 * @throws ProblemError not-found naming the first that is none of the viewer's
 */
async function regionsOf(db: Queryable, viewer: Viewer, cameras: string[]): Promise<string[]> {
  const found = await db.query<{ id: string; region: string }>(
    'SELECT id, region FROM camera WHERE id = ANY($1) AND region LIKE $2',
    [cameras, scopePattern(viewer)],
  );
  const known = new Map(found.rows.map(({ id, region }) => [id, region]));
  return cameras.map((id) => {
    const region = known.get(id);
    if (region === undefined) throw new ProblemError('not-found', `there is no camera "${id}"`);
    return region;
  });
}

export const recordingRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/recordings/spans',
    tag: 'Recordings',
    summary: 'When cameras were recorded, for a timeline.',
    query: z.strictObject({ cameras: z.array(identifierSchema).min(1).max(MOST_CAMERAS), ...span }),
    success: { status: 200, schema: recordedSpansSchema },
    async handle({ deps, caller: { viewer }, query }) {
      const asked = spanOf(query, deps.now(), MOST_SPANS_MS);
      await regionsOf(deps.pool, viewer, query.cameras);
      const spans = await listSpans(deps.pool, query.cameras, asked, SEAM_MS);
      return query.cameras.map((camera) => ({
        camera,
        spans: spans.filter((one) => one.camera === camera).map(({ from, to }) => ({ from, to })),
      }));
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/recordings/extents',
    tag: 'Recordings',
    summary:
      'Which cameras in scope there are recordings of, and from when to when; those recorded last first.',
    query: regionQuery,
    success: { status: 200, schema: recordedExtentsSchema },
    handle: ({ deps, caller, query }) => listExtents(deps.pool, scopePattern(caller.viewer, query.region)),
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/recordings/segments',
    tag: 'Recordings',
    summary:
      'The recorded segments of a camera, which is written to the audit log; their bytes are at the media host, /recording/:camera/:startedAt.',
    query: z.strictObject({ camera: identifierSchema, ...span }),
    success: { status: 200, schema: segmentsSchema },
    async handle({ deps, caller: { viewer, sessionId }, query: { camera, ...query } }) {
      const asked = spanOf(query, deps.now(), MOST_SEGMENTS_MS);
      const [region = viewer.region] = await regionsOf(deps.pool, viewer, [camera]);
      const segments = await listSegments(deps.pool, camera, asked);
      const now = Math.trunc(deps.now());
      if (segments.length > 0)
        await playbacks.note(deps.pool, { sessionId, viewer, camera, region, ...asked }, now);
      return segments;
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/recordings/preview',
    tag: 'Recordings',
    summary:
      'A small picture of what a camera recorded around an instant: sends on to the media host; 204 where nothing was. Written to the audit log as playing is.',
    query: z.strictObject({ camera: identifierSchema, at: z.string() }),
    success: { status: 200, mediaType: 'image/jpeg' },
    async handle({ deps, response, caller: { viewer, sessionId }, query: { camera, at: text } }) {
      const at = instantOf('at', text) ?? 0;
      const [region = viewer.region] = await regionsOf(deps.pool, viewer, [camera]);
      const segment = (
        await listSegments(deps.pool, camera, { from: at - SEAM_MS, to: at + SEAM_MS })
      ).findLast(({ startedAt }, index) => startedAt <= at || index === 0);
      response.set('Cache-Control', 'private, no-store');
      if (!segment) {
        response.status(204).end();
        return undefined;
      }
      const now = Math.trunc(deps.now());
      await playbacks.note(deps.pool, { sessionId, viewer, camera, region, from: at, to: at }, now);
      const { centre } = deps.config;
      const claims = { user: viewer.username, region, session: sessionId, expiresAt: now + FETCH_WITHIN_MS };
      const address = new URL(
        `/recording/${encodeURIComponent(camera)}/${segment.startedAt}/preview`,
        centre.mediaPublicUrl ?? centre.mediaUrl,
      );
      address.searchParams.set('ticket', signTicket(centre.ticketKey, claims));
      response.redirect(302, address.href);
      return undefined;
    },
  }),
  forSources(['media'], {
    method: 'post',
    path: '/api/service/recordings',
    tag: 'Services',
    summary: 'What a media host has recorded and deleted, and how its disk is. Safe to repeat.',
    body: segmentNewsSchema,
    success: { status: 200, schema: z.strictObject({}) },
    async handle({ deps, caller: { source }, body }) {
      await inTransaction(deps.pool, async (client) => {
        await deleteSegments(client, source.region, body.removed);
        await putSegments(client, source.region, body.added);
        if (body.storage) await saveStorage(client, source.id, body.storage, deps.now());
      });
      return {};
    },
  }),
  forSources(['media'], {
    method: 'get',
    path: '/api/service/recordings/orders',
    tag: 'Services',
    summary: 'What a media host is to record and to keep: around alerts, in opening hours, as evidence.',
    query: z.strictObject({ since: z.coerce.number().int().min(0).optional() }),
    success: { status: 200, schema: z.array(recordingOrderSchema) },
    handle: ({ deps, caller: { source }, query: { since } }) =>
      recordingOrders(
        { pool: deps.pool, directory: deps.directory, calendars: deps.rules.calendars() },
        source.region,
        Math.trunc(deps.now()),
        since,
      ),
  }),
];
