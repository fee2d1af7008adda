import {
  newWallSchema,
  newWallTokenSchema,
  regionPrefix,
  wallChangeSchema,
  wallCommandSchema,
  wallSignInSchema,
  type CreatedWallToken,
  type NewWall,
  type Role,
  type TileContent,
  type WallCommand,
  type WallState,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { setSessionCookie } from '../../auth/cookie.ts';
import { newToken, sourceTokenHash } from '../../auth/tokens.ts';
import { maySeeWall, type Viewer } from '../../auth/viewer.ts';
import { sessionSchema } from '../../openapi/schemas.ts';
import {
  createdWallTokenSchema,
  wallSchema,
  wallStateSchema,
  wallTokenSchema,
} from '../../openapi/wallsSchemas.ts';
import { scopePrefix } from '../../read/scope.ts';
import { inTransaction } from '../../store/database.ts';
import { listKept } from '../../store/walls/kept.ts';
import {
  endSessionsOfTokens,
  insertWallToken,
  listWallTokens,
  revokeWallToken,
} from '../../store/walls/tokens.ts';
import {
  deleteWall,
  getWall,
  insertWall,
  listWalls,
  updateWall,
  wallOf,
  type WallRow,
} from '../../store/walls/walls.ts';
import { alertIn, liesIn } from '../../store/walls/world.ts';
import { readWallState } from '../../walls/readWorld.ts';
import { moveWall } from '../../walls/walls.ts';
import type { AppDeps } from '../deps.ts';
import { nameParams, regionQuery } from '../params.ts';
import { checkOwnRegion, wrong } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forAnybody, forRoles, WATCHERS, type Route } from '../route.ts';
import { sessionOf } from './session.ts';

/** Who sets walls up, and who decides what they show. */
const BUILDERS: readonly Role[] = ['supervisor', 'administrator'];
const OPERATORS: readonly Role[] = ['inspector', 'supervisor', 'administrator'];
const TAG = 'Walls';
const TOKEN_PREFIX = 'mjw_';
const DAY_MS = 86_400_000;

/** @throws ProblemError not-found, also for a wall outside */
async function own(deps: AppDeps, viewer: Viewer, id: string): Promise<WallRow> {
  const wall = await getWall(deps.pool, id);
  if (wall && maySeeWall(viewer, { wall: wall.id, region: wall.region })) return wall;
  throw new ProblemError('not-found', `there is no wall "${id}"`);
}

/** Layouts and the patrol of a wall are such as its builder may see. @throws ProblemError naming the field */
async function checkWall(deps: AppDeps, viewer: Viewer, { region, windows, patrol }: NewWall): Promise<void> {
  await checkOwnRegion(deps.pool, viewer, region);
  const reader = { ...viewer, prefix: scopePrefix(viewer) };
  for (const [index, { layout }] of windows.entries()) {
    if (layout !== null && (await listKept(deps.pool, 'layout', reader, layout)).length === 0)
      throw wrong(`windows.${index}.layout`, `there is no layout "${layout}"`);
  }
  if (patrol !== null && (await listKept(deps.pool, 'patrol', reader, patrol)).length === 0)
    throw wrong('patrol', `there is no patrol "${patrol}"`);
}

/** The table and the id of what a tile would show; null for what is nowhere. */
function whereOf(content: TileContent): { table: 'camera' | 'screen' | 'case_state'; id: string } | null {
  if (content.kind === 'camera') return { table: 'camera', id: content.camera };
  if (content.kind === 'screen') return { table: 'screen', id: content.screen };
  return content.kind === 'case' ? { table: 'case_state', id: content.caseId } : null;
}

/** @throws ProblemError invalid for what does not lie in the wall's region */
async function checkContent(deps: AppDeps, wall: WallRow, content: TileContent): Promise<void> {
  const asked = whereOf(content);
  if (!asked || (await liesIn(deps.pool, asked.table, asked.id, regionPrefix(wall.region)))) return;
  throw wrong('content', `"${asked.id}" is nothing that lies in ${wall.region}, the wall's region`);
}

async function command(deps: AppDeps, viewer: Viewer, wall: WallRow, asked: WallCommand): Promise<WallState> {
  if (asked.do === 'send') {
    await checkContent(deps, wall, asked.content);
    if ((asked.window ?? 1) > wall.windows.length)
      throw wrong('window', `${asked.window}: the wall has ${wall.windows.length}`);
  }
  const found =
    asked.do === 'showAlert' ? await alertIn(deps.pool, asked.alert, regionPrefix(wall.region)) : undefined;
  const at = deps.now();
  await inTransaction(deps.pool, async (client) => {
    const order = { command: asked, by: viewer.name, at, ...(found ? { state: found } : {}) };
    const moved = await moveWall(client, wall.id, at, order);
    if (!moved?.done)
      throw new ProblemError('conflict', `${asked.do}: there is nothing on the wall that this could mean`);
    const { do: action, ...detail } = asked;
    const entry = {
      at,
      actor: viewer.username,
      region: wall.region,
      action: `wall.${action}`,
      object: wall.id,
    };
    await appendAudit(client, { ...entry, detail });
  });
  return shown(deps, wall.id);
}

async function shown(deps: AppDeps, id: string): Promise<WallState> {
  const state = await readWallState(deps.pool, id, deps.now());
  if (!state) throw new ProblemError('not-found', `there is no wall "${id}"`);
  return state;
}

type Line = { action: string; wall: WallRow; detail?: Record<string, unknown> };
const line = (deps: AppDeps, viewer: Viewer, { action, wall, detail }: Line) => ({
  ...{ at: deps.now(), actor: viewer.username, region: wall.region, action, object: wall.id },
  detail: detail ?? { name: wall.name },
});

const tokenRoutes: Route[] = [
  forAnybody({
    ...{ method: 'post', path: '/api/walls/session', tag: TAG, body: wallSignInSchema },
    summary: 'Open the session of a wall that runs by itself, with its token. Sets the cookie mj_session.',
    success: { status: 200, schema: sessionSchema },
    async handle({ deps, body, request, response }) {
      const signedIn = await deps.sessions.signInWall(body.token, request.ip ?? 'unknown');
      if (!signedIn)
        throw new ProblemError('unauthenticated', 'the token of the wall is unknown, revoked or expired');
      response.locals['viewer'] = signedIn.viewer;
      setSessionCookie(response, deps.config, signedIn.token, signedIn.expiresAt);
      return sessionOf(deps, signedIn);
    },
  }),
  forRoles(ADMINISTRATORS, {
    ...{ method: 'get', path: '/api/walls/:id/tokens', tag: TAG, params: nameParams },
    summary: 'The tokens with which a wall runs by itself, without the tokens themselves.',
    success: { status: 200, schema: z.array(wallTokenSchema) },
    handle: async ({ deps, caller: { viewer }, params }) =>
      listWallTokens(deps.pool, (await own(deps, viewer, params.id)).id),
  }),
  forRoles(ADMINISTRATORS, {
    ...{
      method: 'post',
      path: '/api/walls/:id/tokens',
      tag: TAG,
      params: nameParams,
      body: newWallTokenSchema,
    },
    summary: 'Make a token with which a wall runs by itself. The answer holds it, this once.',
    success: { status: 201, schema: createdWallTokenSchema },
    async handle({ deps, caller: { viewer }, params, body: { note, days } }): Promise<CreatedWallToken> {
      const wall = await own(deps, viewer, params.id);
      const token = newToken(TOKEN_PREFIX);
      const at = deps.now();
      const made = await inTransaction(deps.pool, async (client) => {
        const held = { wallId: wall.id, tokenHash: sourceTokenHash(token), note, by: viewer.name };
        const row = await insertWallToken(client, { ...held, at, expiresAt: at + days * DAY_MS });
        const detail = { token: row.id, note, days };
        await appendAudit(client, line(deps, viewer, { action: 'wall.token-made', wall, detail }));
        return row;
      });
      return { ...made, token };
    },
  }),
  forRoles(ADMINISTRATORS, {
    ...{ method: 'delete', path: '/api/walls/:id/tokens/:token', tag: TAG },
    params: nameParams.extend({
      token: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    }),
    summary: 'Revoke a token: the walls that run with it stop at once.',
    success: { status: 204 },
    async handle({ deps, caller: { viewer }, params: { id: wallId, token: id } }) {
      const wall = await own(deps, viewer, wallId);
      await inTransaction(deps.pool, async (client) => {
        if (!(await revokeWallToken(client, { wallId: wall.id, id, at: deps.now() })))
          throw new ProblemError('not-found', `wall "${wall.name}" has no token ${id} that holds`);
        await appendAudit(
          client,
          line(deps, viewer, { action: 'wall.token-revoked', wall, detail: { token: id } }),
        );
      });
    },
  }),
];

export const wallsRoutes: Route[] = [
  ...tokenRoutes,
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/walls', tag: TAG, query: regionQuery },
    summary: 'Walls in scope.',
    success: { status: 200, schema: z.array(wallSchema) },
    handle: async ({ deps, caller: { viewer }, query }) =>
      (await listWalls(deps.pool, scopePrefix(viewer, query.region))).map(wallOf),
  }),
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/walls/:id', tag: TAG, params: nameParams, unattended: true },
    summary: 'One wall.',
    success: { status: 200, schema: wallSchema },
    handle: async ({ deps, caller: { viewer }, params }) => wallOf(await own(deps, viewer, params.id)),
  }),
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/walls/:id/state', tag: TAG, params: nameParams, unattended: true },
    summary: 'What a wall shows now; the same as the live feed tells.',
    success: { status: 200, schema: wallStateSchema },
    handle: async ({ deps, caller: { viewer }, params }) =>
      shown(deps, (await own(deps, viewer, params.id)).id),
  }),
  forRoles(BUILDERS, {
    ...{ method: 'post', path: '/api/walls', tag: TAG, body: newWallSchema },
    summary: 'Set a wall up.',
    success: { status: 201, schema: wallSchema },
    async handle({ deps, caller: { viewer }, body }) {
      await checkWall(deps, viewer, body);
      const at = deps.now();
      const id = await inTransaction(deps.pool, async (client) => {
        const made = await insertWall(client, body, at);
        await moveWall(client, made, at);
        const entry = { at, actor: viewer.username, region: body.region, action: 'wall.added', object: made };
        await appendAudit(client, { ...entry, detail: { name: body.name } });
        return made;
      });
      return wallOf(await own(deps, viewer, id));
    },
  }),
  forRoles(BUILDERS, {
    ...{ method: 'put', path: '/api/walls/:id', tag: TAG, params: nameParams, body: wallChangeSchema },
    summary: 'Change a wall, naming the revision that was read.',
    success: { status: 200, schema: wallSchema },
    async handle({ deps, caller: { viewer }, params, body: { revision, ...body } }) {
      const wall = await own(deps, viewer, params.id);
      await checkWall(deps, viewer, body);
      await inTransaction(deps.pool, async (client) => {
        if (!(await updateWall(client, { id: wall.id, revision }, body, deps.now()))) {
          const newer = await getWall(client, wall.id);
          throw new ProblemError(
            'conflict',
            `the wall was changed meanwhile: it is at revision ${newer?.revision}`,
          );
        }
        await moveWall(client, wall.id, deps.now(), 'look');
        await appendAudit(client, line(deps, viewer, { action: 'wall.changed', wall }));
      });
      return wallOf(await own(deps, viewer, wall.id));
    },
  }),
  forRoles(BUILDERS, {
    ...{ method: 'delete', path: '/api/walls/:id', tag: TAG, params: nameParams },
    summary: 'Remove a wall; its windows say so, and its tokens end.',
    success: { status: 204 },
    async handle({ deps, caller: { viewer }, params }) {
      const wall = await own(deps, viewer, params.id);
      await inTransaction(deps.pool, async (client) => {
        const tokens = await listWallTokens(client, wall.id);
        await endSessionsOfTokens(
          client,
          tokens.map(({ id }) => id),
        );
        await deleteWall(client, wall.id);
        await appendAudit(client, line(deps, viewer, { action: 'wall.removed', wall }));
      });
    },
  }),
  forRoles(OPERATORS, {
    ...{
      method: 'post',
      path: '/api/walls/:id/commands',
      tag: TAG,
      params: nameParams,
      body: wallCommandSchema,
    },
    summary: 'Send something to a wall, take it back, move its patrol, or bring an alert to it.',
    success: { status: 200, schema: wallStateSchema },
    handle: async ({ deps, caller: { viewer }, params, body }) =>
      command(deps, viewer, await own(deps, viewer, params.id), body),
  }),
];
