import { identifierSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { recordAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import {
  caseReplaySchema,
  recordedSpanListSchema,
  screenHistorySchema,
  timelineSchema,
} from '../../openapi/playbackSchemas.ts';
import { readCaseReplay } from '../../read/caseReplay.ts';
import { readScreenHistory, readScreenSpans } from '../../read/screenHistory.ts';
import { readTimeline } from '../../read/timeline.ts';
import type { Queryable } from '../../store/database.ts';
import { getScreen } from '../../store/screens/getScreen.ts';
import { nameParams } from '../params.ts';
import { wrong } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';
import { spanOf } from '../span.ts';

const HOUR_MS = 3_600_000;
/** The longest span that is answered at once. */
const MOST_MARKED_MS = 8 * 24 * HOUR_MS;
const MOST_HISTORY_MS = 24 * HOUR_MS;
/** As many as are played side by side, and some to choose from. */
const MOST_EYES = 16;
const eyesSchema = z.array(identifierSchema).max(MOST_EYES).default([]);

const span = { from: z.string().optional(), to: z.string().optional() };

/** Where a screen stands. @throws ProblemError not-found, also for one the viewer may not see */
async function regionOf(db: Queryable, viewer: Viewer, id: string): Promise<string> {
  const screen = await getScreen(db, id);
  if (!screen || !maySee(viewer, screen.region))
    throw new ProblemError('not-found', `there is no screen "${id}"`);
  return screen.region;
}

export const timelineRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/timeline',
    tag: 'Recordings',
    summary: 'Alerts and case events at the counters and halls of some cameras and screens, oldest first.',
    query: z.strictObject({ cameras: eyesSchema, screens: eyesSchema, ...span }),
    success: { status: 200, schema: timelineSchema },
    handle({ deps, caller, query }) {
      if (query.cameras.length + query.screens.length === 0)
        throw wrong('cameras', 'expected a camera at least, or a screen in `screens`');
      return readTimeline(deps.pool, caller.viewer, query, spanOf(query, deps.now(), MOST_MARKED_MS));
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/screens/:id/history',
    tag: 'Recordings',
    summary: 'What a counter screen showed, picture by picture. Its pictures are fetched with their `at`.',
    params: nameParams,
    query: z.strictObject(span),
    success: { status: 200, schema: screenHistorySchema },
    async handle({ deps, caller: { viewer }, params: { id }, query }) {
      const asked = spanOf(query, deps.now(), MOST_HISTORY_MS);
      const region = await regionOf(deps.pool, viewer, id);
      const history = await readScreenHistory(deps.pool, { id, region }, asked);
      await recordAudit(deps.pool, {
        ...{ at: deps.now(), actor: viewer.username, region },
        ...{ action: 'screen.history.viewed', object: id, detail: { ...asked } },
      });
      return history;
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/screens/:id/spans',
    tag: 'Recordings',
    summary: 'When a counter screen was looked at, for a timeline.',
    params: nameParams,
    query: z.strictObject(span),
    success: { status: 200, schema: recordedSpanListSchema },
    async handle({ deps, caller: { viewer }, params: { id }, query }) {
      const asked = spanOf(query, deps.now(), MOST_MARKED_MS);
      return readScreenSpans(deps.pool, { id, region: await regionOf(deps.pool, viewer, id) }, asked);
    },
  }),
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/cases/:caseId/replay',
    tag: 'Recordings',
    summary: 'Where a case was from when on, and which cameras and screens look there.',
    params: z.strictObject({ caseId: identifierSchema.max(600) }),
    success: { status: 200, schema: caseReplaySchema },
    handle: ({ deps, caller, params }) => readCaseReplay(deps.pool, caller.viewer, params.caseId),
  }),
];
