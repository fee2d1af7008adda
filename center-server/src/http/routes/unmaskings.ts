import {
  newUnmaskingSchema,
  runningUnmaskingSchema,
  UNMASK_APPROVERS,
  UNMASK_ASKERS,
  unmaskingSchema,
  type Unmasking,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit, recordAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { noEffects } from '../../pipeline/effects.ts';
import { scopePattern } from '../../read/scope.ts';
import { inTransaction, type Client } from '../../store/database.ts';
import { getScreen } from '../../store/screens/getScreen.ts';
import { lockScreen } from '../../store/screens/managedScreens.ts';
import { approveUnmasking, endUnmasking } from '../../store/unmaskings/changeUnmasking.ts';
import type { UnmaskingRow } from '../../store/unmaskings/columns.ts';
import { getUnmasking, lockUnmasking } from '../../store/unmaskings/getUnmasking.ts';
import { insertUnmasking } from '../../store/unmaskings/insertUnmasking.ts';
import { listUnmaskings, openUnmaskings } from '../../store/unmaskings/listUnmaskings.ts';
import { runningUnmaskings } from '../../store/unmaskings/runningUnmaskings.ts';
import { lastUnmaskedFrame } from '../../store/unmaskings/unmaskedFrames.ts';
import type { AppDeps } from '../deps.ts';
import { idParams, nameParams, pageQuery } from '../params.ts';
import { ProblemError } from '../problems.ts';
import { forRoles, forSources, WATCHERS, type Route } from '../route.ts';
import { imageType } from './imageType.ts';

/** What nobody agreed to for so long is over, ms. */
const WAITS_MS = 15 * 60_000;

function shown(row: UnmaskingRow, viewer: Viewer, now: number): Unmasking {
  const over =
    row.endedAt !== null || (row.until === null ? row.askedAt + WAITS_MS <= now : row.until <= now);
  const state = over ? 'over' : row.from === null ? 'waiting' : 'running';
  return { ...row, state, mine: row.askedBy === viewer.username || row.approvedBy === viewer.username };
}

/** @throws ProblemError not-found, also for what lies outside the viewer's region */
async function ownUnmasking(client: Client, viewer: Viewer, id: number): Promise<UnmaskingRow> {
  const row = await lockUnmasking(client, id);
  if (row && maySee(viewer, row.region)) return row;
  throw new ProblemError('not-found', `there is no permission ${id}`);
}

/** Changes a permission that is not over, and writes the act to the audit log. */
async function change(
  deps: AppDeps,
  viewer: Viewer,
  id: number,
  action: 'screen.unmask-approved' | 'screen.unmask-ended',
  work: (client: Client, row: Unmasking, at: number) => Promise<void>,
): Promise<Unmasking> {
  const at = deps.now();
  const changed = await inTransaction(deps.pool, async (client) => {
    const row = await ownUnmasking(client, viewer, id);
    const before = shown(row, viewer, at);
    if (before.state === 'over') throw new ProblemError('conflict', `permission ${id} is over`);
    await work(client, before, at);
    const after = await lockUnmasking(client, id);
    if (!after) throw new ProblemError('not-found', `there is no permission ${id}`);
    const { region, screen: object, askedBy, reason } = after;
    const detail = { id, askedBy, reason };
    await appendAudit(client, { at, actor: viewer.username, region, action, object, detail });
    return after;
  });
  deps.hub.publish({ ...noEffects(), screens: [changed.screen] });
  return shown(changed, viewer, at);
}

async function ask(
  deps: AppDeps,
  viewer: Viewer,
  screenId: string,
  wish: { reason: string; minutes: number },
): Promise<Unmasking> {
  const at = deps.now();
  const made = await inTransaction(deps.pool, async (client) => {
    const screen = await lockScreen(client, screenId);
    if (!screen || screen.disabled || !maySee(viewer, screen.region))
      throw new ProblemError('not-found', `there is no screen "${screenId}"`);
    const open = await openUnmaskings(client, screenId, at);
    if (open.some(({ askedBy }) => askedBy === viewer.username))
      throw new ProblemError('conflict', `you have asked to see screen "${screenId}" already`);
    const { region } = screen;
    const reason = wish.reason.trim();
    const asked = { screen: screenId, region, askedBy: viewer.username, askedAt: at, ...wish, reason };
    const id = await insertUnmasking(client, asked, !deps.config.centre.unmaskNeedsApproval);
    const row = await getUnmasking(client, id);
    if (!row) throw new Error(`permission ${id} is not there`);
    const detail = { id, reason, minutes: wish.minutes, starts: row.from !== null };
    const line = { at, actor: viewer.username, region, action: 'screen.unmask-asked', object: screenId };
    await appendAudit(client, { ...line, detail });
    return row;
  });
  deps.hub.publish({ ...noEffects(), screens: [screenId] });
  return shown(made, viewer, at);
}

const wall = { tag: 'Wall' } as const;

export const unmaskingRoutes: Route[] = [
  forRoles(UNMASK_ASKERS, {
    ...wall,
    method: 'post',
    path: '/api/screens/:id/unmask',
    summary:
      'Ask to see a counter screen unmasked, with a reason, for at most 30 minutes. Audited, and shown to all.',
    params: nameParams,
    body: newUnmaskingSchema,
    success: { status: 201, schema: unmaskingSchema },
    handle: ({ deps, caller: { viewer }, params: { id }, body }) => ask(deps, viewer, id, body),
  }),
  forRoles(WATCHERS, {
    ...wall,
    method: 'get',
    path: '/api/screens/:id/unmaskings',
    summary: 'The permissions to see a screen unmasked that run now, or wait for a second person.',
    params: nameParams,
    success: { status: 200, schema: z.array(unmaskingSchema) },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      const now = deps.now();
      const screen = await getScreen(deps.pool, id);
      if (!screen || !maySee(viewer, screen.region))
        throw new ProblemError('not-found', `there is no screen "${id}"`);
      return (await openUnmaskings(deps.pool, id, now)).map((row) => shown(row, viewer, now));
    },
  }),
  forRoles(['administrator', 'supervisor', 'leader'], {
    ...wall,
    method: 'get',
    path: '/api/unmaskings',
    summary: 'Who asked to see which screen unmasked, why and when: the latest first.',
    query: pageQuery,
    success: { status: 200, schema: z.array(unmaskingSchema) },
    async handle({ deps, caller: { viewer }, query }) {
      const page = { pattern: scopePattern(viewer), before: query.before ?? null, limit: query.limit };
      return (await listUnmaskings(deps.pool, page)).map((row) => shown(row, viewer, deps.now()));
    },
  }),
  forRoles(UNMASK_APPROVERS, {
    ...wall,
    method: 'post',
    path: '/api/unmaskings/:id/approve',
    summary: 'Agree, as a second person, that a screen is shown unmasked. It begins now.',
    params: idParams,
    success: { status: 200, schema: unmaskingSchema },
    handle: ({ deps, caller: { viewer }, params: { id } }) =>
      change(deps, viewer, id, 'screen.unmask-approved', async (client, row, at) => {
        if (row.askedBy === viewer.username)
          throw new ProblemError('forbidden', 'a second person has to agree, not the one who asked');
        if (row.state !== 'waiting') throw new ProblemError('conflict', `permission ${id} runs already`);
        await approveUnmasking(client, id, viewer.username, at);
      }),
  }),
  forRoles(WATCHERS, {
    ...wall,
    method: 'post',
    path: '/api/unmaskings/:id/end',
    summary: 'End it early: who asked, or any supervisor, leader or administrator of the region.',
    params: idParams,
    success: { status: 200, schema: unmaskingSchema },
    handle: ({ deps, caller: { viewer }, params: { id } }) =>
      change(deps, viewer, id, 'screen.unmask-ended', async (client, row, at) => {
        if (viewer.role === 'inspector' && row.askedBy !== viewer.username)
          throw new ProblemError('forbidden', 'only who asked, or a supervisor, may end it');
        await endUnmasking(client, id, viewer.username, at);
      }),
  }),
  forRoles(WATCHERS, {
    ...wall,
    method: 'get',
    path: '/api/unmaskings/:id/image',
    summary:
      'The last unmasked picture: for who asked and who agreed alone, while it runs. Every reading is audited.',
    params: idParams,
    success: { status: 200, mediaType: 'image/*' },
    async handle({ deps, caller: { viewer }, params: { id }, response }) {
      const row = await getUnmasking(deps.pool, id);
      if (!row || !maySee(viewer, row.region))
        throw new ProblemError('not-found', `there is no permission ${id}`);
      const at = deps.now();
      const { state, mine, screen: object, from, until, region } = shown(row, viewer, at);
      if (!mine || state !== 'running' || from === null || until === null)
        throw new ProblemError('forbidden', '未授权查看未遮盖画面: you may not see this screen unmasked');
      const frame = await lastUnmaskedFrame(deps.pool, object, { from, to: until });
      const bytes = frame === null ? undefined : await deps.blobs.get(frame.sha256);
      if (!frame || !bytes) throw new ProblemError('not-found', 'no unmasked picture has come yet');
      const detail = { id, sha256: frame.sha256 };
      const line = { at, actor: viewer.username, region, action: 'screen.unmasked-seen', object };
      await recordAudit(deps.pool, { ...line, detail });
      response.setHeader('X-Observed-At', String(Math.round(frame.at)));
      response.type(imageType(bytes)).send(bytes);
    },
  }),
  forSources(['collectors'], {
    method: 'get',
    path: '/api/service/unmaskings',
    tag: 'Services',
    summary: 'Which screens are shown unmasked now, and for how long yet.',
    success: { status: 200, schema: z.array(runningUnmaskingSchema) },
    handle: ({ deps, caller: { source } }) => runningUnmaskings(deps.pool, source.region, deps.now()),
  }),
];
