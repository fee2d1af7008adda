import {
  agentOrdersSchema,
  managedScreenSchema,
  newScreenSchema,
  screenChangeSchema,
  type CreatedSource,
  type ManagedScreen,
} from '@mingjing/contracts';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { addSource, endSource, rotateToken } from '../../auth/sourceTokens.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { createdSourceSchema } from '../../openapi/schemas.ts';
import { noEffects } from '../../pipeline/effects.ts';
import { scopePattern } from '../../read/scope.ts';
import { inTransaction, type Client } from '../../store/database.ts';
import { insertScreen } from '../../store/screens/insertScreen.ts';
import {
  bindSource,
  lockScreen,
  managedScreen,
  managedScreens,
  updateScreen,
} from '../../store/screens/managedScreens.ts';
import { getSource } from '../../store/sources/getSource.ts';
import { runningUnmaskings } from '../../store/unmaskings/runningUnmaskings.ts';
import { checkScreenUrl } from '../addresses.ts';
import { nameParams } from '../params.ts';
import { checkPlace } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, forSources, type Route } from '../route.ts';

/** The kind of a source that is one screen's agent. */
const AGENT_KIND = 'screen-agent';
/** A screen that says nothing for so long is silent, in seconds: an agent tells of an unchanged one every 30 s. */
const EXPECT_SECONDS = 120;

/** The id of a screen's source. A screen's id may hold what a source's may not: its hash tells two apart. */
function agentSourceOf(screen: string): string {
  if (/^[\p{L}\p{N}._-]{1,57}$/u.test(screen)) return `screen.${screen}`;
  return `screen.${createHash('sha256').update(screen).digest('hex').slice(0, 32)}`;
}

/** @throws ProblemError not-found, also for a screen outside the viewer's region */
async function ownScreen(client: Client, viewer: Viewer, id: string): Promise<ManagedScreen> {
  const screen = await lockScreen(client, id);
  if (screen && maySee(viewer, screen.region)) return screen;
  throw new ProblemError('not-found', `there is no screen "${id}"`);
}

/** A token for the screen's agent; one that it had is refused from now on. */
async function tokenFor(
  client: Client,
  viewer: Viewer,
  screen: ManagedScreen,
  at: number,
): Promise<CreatedSource> {
  const by = { actor: viewer.username, at };
  const id = agentSourceOf(screen.id);
  const { name, region } = screen;
  const known = await getSource(client, id);
  if (known && known.screen !== screen.id)
    throw new ProblemError('conflict', `there is a source "${id}" that is not this screen's`);
  const source = {
    id,
    name: name.slice(0, 200),
    kind: AGENT_KIND,
    region,
    expectEverySeconds: EXPECT_SECONDS,
  };
  const made = await (known ? rotateToken(client, by, id) : addSource(client, by, source));
  await bindSource(client, id, screen.id);
  return made;
}

const administration = { tag: 'Administration' } as const;

export const screenAdminRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    ...administration,
    method: 'get',
    path: '/api/admin/screens',
    summary: 'Counter screens: their addresses, who sends them, and what is covered.',
    success: { status: 200, schema: z.array(managedScreenSchema) },
    handle: ({ deps, caller }) => managedScreens(deps.pool, scopePattern(caller.viewer)),
  }),
  forRoles(ADMINISTRATORS, {
    ...administration,
    method: 'post',
    path: '/api/admin/screens',
    summary: 'Add a counter screen.',
    body: newScreenSchema,
    success: { status: 201, schema: managedScreenSchema },
    async handle({ deps, caller: { viewer }, body }) {
      await checkPlace(deps.pool, viewer, body);
      if (body.via === 'collector') await checkScreenUrl(body.url, deps.config.centre);
      const made = await inTransaction(deps.pool, async (client) => {
        if (!(await insertScreen(client, body)))
          throw new ProblemError('conflict', `there is a screen "${body.id}"`);
        const { region, id: object, via } = body;
        const by = { at: deps.now(), actor: viewer.username };
        await appendAudit(client, { ...by, region, action: 'screen.added', object, detail: { via } });
        return { ...body, disabled: false, source: null };
      });
      deps.hub.publish({ ...noEffects(), screens: [made.id] });
      return made;
    },
  }),
  forRoles(ADMINISTRATORS, {
    ...administration,
    method: 'patch',
    path: '/api/admin/screens/:id',
    summary:
      'Change a counter screen: what is absent stays. zones: null covers everything until they are confirmed.',
    params: nameParams,
    body: screenChangeSchema,
    success: { status: 200, schema: managedScreenSchema },
    async handle({ deps, caller: { viewer }, params: { id }, body }) {
      const changed = await inTransaction(deps.pool, async (client) => {
        const screen = await ownScreen(client, viewer, id);
        const next = { ...screen, ...body } as ManagedScreen;
        await checkPlace(deps.pool, viewer, next);
        if (next.via === 'collector' && !next.disabled) await checkScreenUrl(next.url, deps.config.centre);
        await updateScreen(client, next);
        const by = { at: deps.now(), actor: viewer.username };
        await appendAudit(client, {
          ...by,
          ...{ region: next.region, action: 'screen.changed', object: id, detail: { ...body } },
        });
        return next;
      });
      const former = [{ kind: 'screen' as const, id, region: changed.region }];
      deps.hub.publish({ ...noEffects(), screens: [id], former });
      return changed;
    },
  }),
  forRoles(ADMINISTRATORS, {
    ...administration,
    method: 'post',
    path: '/api/admin/screens/:id/token',
    summary:
      'Give the agent of a screen its token, this once. It may send that screen alone; an older one is refused.',
    params: nameParams,
    success: { status: 201, schema: createdSourceSchema },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      return inTransaction(deps.pool, async (client) =>
        tokenFor(client, viewer, await ownScreen(client, viewer, id), deps.now()),
      );
    },
  }),
  forRoles(ADMINISTRATORS, {
    ...administration,
    method: 'delete',
    path: '/api/admin/screens/:id/token',
    summary: 'Refuse the token of a screen’s agent from now on.',
    params: nameParams,
    success: { status: 204 },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      await inTransaction(deps.pool, async (client) => {
        const { source } = await ownScreen(client, viewer, id);
        if (source === null) throw new ProblemError('not-found', `screen "${id}" has no token`);
        await endSource(client, { actor: viewer.username, at: deps.now() }, source);
      });
    },
  }),
  forSources([AGENT_KIND], {
    method: 'get',
    path: '/api/service/screen',
    tag: 'Services',
    summary: 'What the agent of a screen is to do: asked every few seconds with its own token.',
    success: { status: 200, schema: agentOrdersSchema },
    async handle({ deps, caller: { source } }) {
      const screen = source.screen === null ? undefined : await managedScreen(deps.pool, source.screen);
      if (!screen) throw new ProblemError('not-found', `source "${source.id}" has no screen`);
      const running = await runningUnmaskings(deps.pool, screen.region, deps.now());
      const unmaskedForMs = running.find((one) => one.screen === screen.id)?.leftMs ?? null;
      const { id, name, region, url, via, everyMs, zones, disabled } = screen;
      return { source: source.id, id, name, region, url, via, everyMs, zones, disabled, unmaskedForMs };
    },
  }),
];
