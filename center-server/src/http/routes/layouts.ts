import {
  layoutChangeSchema,
  layoutChoiceSchema,
  newLayoutSchema,
  newPatrolSchema,
  patrolChangeSchema,
  type Layout,
  type LayoutChoice,
  type Patrol,
  type PatrolStep,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { layoutSchema, patrolSchema } from '../../openapi/wallsSchemas.ts';
import { scopePrefix } from '../../read/scope.ts';
import { inTransaction, type Client } from '../../store/database.ts';
import {
  deleteKept,
  insertKept,
  listKept,
  updateKept,
  type KeptRow,
  type KeptTable,
  type KeptValues,
} from '../../store/walls/kept.ts';
import { getLayoutChoice, putLayoutChoice } from '../../store/walls/layoutChoice.ts';
import { touchWalls } from '../../store/walls/walls.ts';
import { gridsOf } from '../../store/walls/world.ts';
import type { AppDeps } from '../deps.ts';
import { nameParams, regionQuery } from '../params.ts';
import { checkOwnRegion, wrong } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';

type Act = { deps: AppDeps; viewer: Viewer; table: KeptTable };

/** One that the viewer may see. @throws ProblemError not-found, also for another's that is not shared */
async function seen<T extends KeptRow>({ deps, viewer, table }: Act, id: string): Promise<T> {
  const [row] = await listKept<T>(deps.pool, table, { ...viewer, prefix: scopePrefix(viewer) }, id);
  if (!row) throw new ProblemError('not-found', `there is no ${table} "${id}"`);
  return row;
}

/** One that the viewer may change: one's own, or an administrator any. @throws ProblemError not-found or forbidden */
async function owned(act: Act, id: string): Promise<KeptRow> {
  const row = await seen(act, id);
  if (row.owner === act.viewer.username || act.viewer.role === 'administrator') return row;
  throw new ProblemError(
    'forbidden',
    `the ${act.table} "${row.name}" is ${row.owner}'s: save it under a name of your own`,
  );
}

type Draft = { name: string; region: string; sharedWith: Layout['sharedWith'] };
const valuesOf = ({ deps }: Act, { name, region, sharedWith }: Draft, body: unknown): KeptValues => {
  return { name, region, body, roles: sharedWith?.roles ?? null, at: deps.now() };
};

function audit(client: Client, { deps, viewer, table }: Act, how: string, id: string, region: string) {
  const action = `${table}.${how}`;
  return appendAudit(client, { at: deps.now(), actor: viewer.username, region, action, object: id });
}

async function add<T extends KeptRow>(act: Act, values: KeptValues): Promise<T> {
  const { deps, viewer, table } = act;
  await checkOwnRegion(deps.pool, viewer, values.region);
  const id = await inTransaction(deps.pool, async (client) => {
    const made = await insertKept(client, table, viewer.userId, values);
    await audit(client, act, 'added', made, values.region);
    return made;
  });
  return seen(act, id);
}

async function change<T extends KeptRow>(
  act: Act,
  id: string,
  revision: number,
  values: KeptValues,
): Promise<T> {
  const { deps, viewer, table } = act;
  await owned(act, id);
  await checkOwnRegion(deps.pool, viewer, values.region);
  await inTransaction(deps.pool, async (client) => {
    if (!(await updateKept(client, table, { id, revision }, values))) {
      const newer = await seen(act, id);
      throw new ProblemError(
        'conflict',
        `the ${table} was changed meanwhile: it is at revision ${newer.revision}`,
      );
    }
    await touchWalls(client);
    await audit(client, act, 'changed', id, values.region);
  });
  return seen(act, id);
}

async function remove(act: Act, id: string): Promise<void> {
  const { region } = await owned(act, id);
  await inTransaction(act.deps.pool, async (client) => {
    await deleteKept(client, act.table, id);
    await touchWalls(client);
    await audit(client, act, 'removed', id, region);
  });
}

/** @throws ProblemError invalid naming the step whose layout is not there */
async function checkSteps({ deps }: Act, steps: readonly PatrolStep[]): Promise<void> {
  const asked = steps.flatMap(({ show }) => (show.kind === 'layout' ? show.layout : []));
  const known = await gridsOf(deps.pool, asked);
  for (const [index, { show }] of steps.entries()) {
    if (show.kind === 'layout' && !known.has(show.layout))
      throw wrong(`steps.${index}.show.layout`, `there is no layout "${show.layout}"`);
  }
}

const TAG = 'Walls';

export const layoutRoutes: Route[] = [
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/layouts', tag: TAG, query: regionQuery },
    summary: 'Layouts in scope: one’s own and those shared with one’s role.',
    success: { status: 200, schema: z.array(layoutSchema) },
    handle: ({ deps, caller: { viewer }, query }) =>
      listKept<Layout>(deps.pool, 'layout', { ...viewer, prefix: scopePrefix(viewer, query.region) }),
  }),
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/layouts/:id', tag: TAG, params: nameParams },
    summary: 'One layout.',
    success: { status: 200, schema: layoutSchema },
    handle: ({ deps, caller: { viewer }, params }) =>
      seen<Layout>({ deps, viewer, table: 'layout' }, params.id),
  }),
  forRoles(WATCHERS, {
    ...{ method: 'post', path: '/api/layouts', tag: TAG, body: newLayoutSchema },
    summary: 'Keep a layout under a name.',
    success: { status: 201, schema: layoutSchema },
    handle({ deps, caller: { viewer }, body }) {
      const act = { deps, viewer, table: 'layout' as const };
      return add<Layout>(act, valuesOf(act, body, body.grid));
    },
  }),
  forRoles(WATCHERS, {
    ...{ method: 'put', path: '/api/layouts/:id', tag: TAG, params: nameParams, body: layoutChangeSchema },
    summary: 'Change a layout of one’s own, naming the revision that was read.',
    success: { status: 200, schema: layoutSchema },
    handle({ deps, caller: { viewer }, params: { id }, body }) {
      const act = { deps, viewer, table: 'layout' as const };
      return change<Layout>(act, id, body.revision, valuesOf(act, body, body.grid));
    },
  }),
  forRoles(WATCHERS, {
    ...{ method: 'delete', path: '/api/layouts/:id', tag: TAG, params: nameParams },
    summary: 'Remove a layout of one’s own; walls that showed it fall back.',
    success: { status: 204 },
    handle: ({ deps, caller: { viewer }, params }) => remove({ deps, viewer, table: 'layout' }, params.id),
  }),
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/layout-choice', tag: TAG },
    summary: 'The layout that the user chose last on the wall page.',
    success: { status: 200, schema: layoutChoiceSchema },
    handle: async ({ deps, caller: { viewer } }): Promise<LayoutChoice> =>
      (await getLayoutChoice(deps.pool, viewer.userId)) ?? { kind: 'auto' },
  }),
  forRoles(WATCHERS, {
    ...{ method: 'put', path: '/api/layout-choice', tag: TAG, body: layoutChoiceSchema },
    summary: 'Remember the layout that the user chose on the wall page.',
    success: { status: 204 },
    handle: ({ deps, caller: { viewer }, body }) => putLayoutChoice(deps.pool, viewer.userId, body),
  }),
];

export const patrolRoutes: Route[] = [
  forRoles(WATCHERS, {
    ...{ method: 'get', path: '/api/patrols', tag: TAG, query: regionQuery },
    summary: 'Patrols in scope: one’s own and those shared with one’s role.',
    success: { status: 200, schema: z.array(patrolSchema) },
    handle: ({ deps, caller: { viewer }, query }) =>
      listKept<Patrol>(deps.pool, 'patrol', { ...viewer, prefix: scopePrefix(viewer, query.region) }),
  }),
  forRoles(WATCHERS, {
    ...{ method: 'post', path: '/api/patrols', tag: TAG, body: newPatrolSchema },
    summary: 'Keep a patrol: what is shown one after the other, each for its time.',
    success: { status: 201, schema: patrolSchema },
    async handle({ deps, caller: { viewer }, body }) {
      const act: Act = { deps, viewer, table: 'patrol' };
      await checkOwnRegion(deps.pool, viewer, body.region);
      await checkSteps(act, body.steps);
      return add<Patrol>(act, valuesOf(act, body, body.steps));
    },
  }),
  forRoles(WATCHERS, {
    ...{ method: 'put', path: '/api/patrols/:id', tag: TAG, params: nameParams, body: patrolChangeSchema },
    summary: 'Change a patrol of one’s own, naming the revision that was read.',
    success: { status: 200, schema: patrolSchema },
    async handle({ deps, caller: { viewer }, params: { id }, body }) {
      const act: Act = { deps, viewer, table: 'patrol' };
      await owned(act, id);
      await checkSteps(act, body.steps);
      return change<Patrol>(act, id, body.revision, valuesOf(act, body, body.steps));
    },
  }),
  forRoles(WATCHERS, {
    ...{ method: 'delete', path: '/api/patrols/:id', tag: TAG, params: nameParams },
    summary: 'Remove a patrol of one’s own; walls that walked it stand still.',
    success: { status: 204 },
    handle: ({ deps, caller: { viewer }, params }) => remove({ deps, viewer, table: 'patrol' }, params.id),
  }),
];
