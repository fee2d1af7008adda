import {
  LONGEST_SILENCE_MS,
  newSilenceSchema,
  silenceQuerySchema,
  silenceSchema,
  type NewSilence,
  type Role,
  type Silence,
} from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { noEffects } from '../../pipeline/effects.ts';
import { scopePrefix } from '../../read/scope.ts';
import { inTransaction, type Client } from '../../store/database.ts';
import { endSilence } from '../../store/silences/endSilence.ts';
import { getSilence } from '../../store/silences/getSilence.ts';
import { insertSilence } from '../../store/silences/insertSilence.ts';
import { listSilences } from '../../store/silences/listSilences.ts';
import { wakeCovered } from '../../store/silences/wakeCovered.ts';
import type { AppDeps } from '../deps.ts';
import { idParams, storable } from '../params.ts';
import { checkOwnRegion, wrong } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { forRoles, WATCHERS, type Route } from '../route.ts';

/** Whoever answers for what is watched may say that nobody need be told for a while. */
const SILENCERS: readonly Role[] = ['inspector', 'supervisor', 'administrator'];

function checkExpiry(silence: NewSilence, now: number): void {
  const lasts = silence.expiresAt - now;
  if (lasts > 0 && lasts <= LONGEST_SILENCE_MS) return;
  throw wrong('expiresAt', `${silence.expiresAt}: expected a time from now on, at most 30 days ahead`);
}

interface Change {
  viewer: Viewer;
  action: 'silence.added' | 'silence.ended';
  id: number;
  at: number;
}

/** What a silence covers is decided about anew, and the act is written to the audit log. */
async function follow(
  client: Client,
  { viewer, action, id, at }: Change,
): Promise<{ silence: Silence; woken: number[] }> {
  const woken = await wakeCovered(client, [id], at);
  const silence = await getSilence(client, id);
  if (!silence) throw new ProblemError('not-found', `there is no silence ${id}`);
  const { region, department, rule, kind, caseId, reason, expiresAt } = silence;
  await appendAudit(client, {
    ...{ at, actor: viewer.username, region, action, object: String(id) },
    detail: { department, rule, kind, caseId, reason, expiresAt: Math.trunc(expiresAt) },
  });
  return { silence, woken };
}

function tell({ hub }: AppDeps, { silence, woken }: { silence: Silence; woken: number[] }): Silence {
  hub.publish({ ...noEffects(), alerts: woken });
  return silence;
}

export const silenceRoutes: Route[] = [
  forRoles(WATCHERS, {
    method: 'get',
    path: '/api/silences',
    tag: 'Alerts',
    summary:
      'Silences that hold in scope, of regions above it too, the first to expire first; with ended=true all of them, newest first.',
    query: storable(silenceQuerySchema),
    success: { status: 200, schema: z.array(silenceSchema) },
    handle: ({ deps, caller, query }) =>
      listSilences(deps.pool, scopePrefix(caller.viewer, query.region), query.ended === 'true'),
  }),
  forRoles(SILENCERS, {
    method: 'post',
    path: '/api/silences',
    tag: 'Alerts',
    summary: 'Let nobody be told of some alerts for a time, with a reason. They are still raised and listed.',
    body: newSilenceSchema,
    success: { status: 201, schema: silenceSchema },
    async handle({ deps, caller: { viewer }, body }) {
      await checkOwnRegion(deps.pool, viewer, body.region);
      const at = deps.now();
      checkExpiry(body, at);
      const made = await inTransaction(deps.pool, async (client) => {
        const id = await insertSilence(client, body, viewer, at);
        return follow(client, { viewer, action: 'silence.added', id, at });
      });
      return tell(deps, made);
    },
  }),
  forRoles(SILENCERS, {
    method: 'delete',
    path: '/api/silences/:id',
    tag: 'Alerts',
    summary: 'End a silence now. It stays in the list of those that are over.',
    params: idParams,
    success: { status: 200, schema: silenceSchema },
    async handle({ deps, caller: { viewer }, params: { id } }) {
      const silence = await getSilence(deps.pool, id);
      if (!silence || !maySee(viewer, silence.region))
        throw new ProblemError('not-found', `there is no silence ${id} in ${viewer.region}`);
      const at = deps.now();
      const ended = await inTransaction(deps.pool, async (client) => {
        if (!(await endSilence(client, id, viewer.name, at)))
          throw new ProblemError('conflict', `silence ${id} is over already`);
        return follow(client, { viewer, action: 'silence.ended', id, at });
      });
      return tell(deps, ended);
    },
  }),
];
