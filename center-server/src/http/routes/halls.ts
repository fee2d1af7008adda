import { hallChangeSchema, hallSchema, type Hall, type HallChange } from '@mingjing/contracts';
import { z } from 'zod';
import { takeEffect } from '../../administer/enact.ts';
import { appendAudit } from '../../audit/appendAudit.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { inTransaction, type Client } from '../../store/database.ts';
import { getHall } from '../../store/lookups/getHall.ts';
import { listHalls } from '../../store/lookups/listHalls.ts';
import { setHallHours } from '../../store/lookups/setHallHours.ts';
import { nameParams, regionQuery } from '../params.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, EVERYBODY, forRoles, type Route } from '../route.ts';

interface Asked {
  viewer: Viewer;
  id: string;
  at: number;
}

async function change(client: Client, { viewer, id, at }: Asked, { hours }: HallChange): Promise<Hall> {
  const before = await getHall(client, id);
  if (!before || !maySee(viewer, before.region))
    throw new ProblemError('not-found', `there is no hall "${id}"`);
  await setHallHours(client, id, hours);
  await takeEffect(client, { hall: id }, at);
  await appendAudit(client, {
    ...{ at, actor: viewer.username, region: before.region, action: 'hall.changed', object: id },
    detail: { before: before.hours ?? null, after: hours },
  });
  const { hours: _, ...rest } = before;
  return hours === null ? rest : { ...rest, hours };
}

export const hallRoutes: Route[] = [
  forRoles(EVERYBODY, {
    method: 'get',
    path: '/api/halls',
    tag: 'Places and matters',
    summary: 'The halls of a region and everything below it, with their opening hours.',
    query: regionQuery,
    success: { status: 200, schema: z.array(hallSchema) },
    handle: ({ deps, caller, query }) => listHalls(deps.pool, query.region ?? caller.viewer.region),
  }),
  forRoles(ADMINISTRATORS, {
    method: 'patch',
    path: '/api/halls/:id',
    tag: 'Rulebook',
    summary: 'Say when a hall is open; its running cases are judged anew.',
    params: nameParams,
    body: hallChangeSchema,
    success: { status: 200, schema: hallSchema },
    async handle({ deps, caller: { viewer }, params: { id }, body }) {
      const asked = { viewer, id, at: deps.now() };
      const changed = await inTransaction(deps.pool, (client) => change(client, asked, body));
      await deps.directory.reload();
      return changed;
    },
  }),
];
