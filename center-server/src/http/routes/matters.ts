import { matterChangeSchema, matterSchema } from '@mingjing/contracts';
import { z } from 'zod';
import { addMatter, changeMatter } from '../../administer/matters.ts';
import { officeOf } from '../../administer/office.ts';
import { inTransaction } from '../../store/database.ts';
import { listMatters } from '../../store/lookups/listMatters.ts';
import { nameParams } from '../params.ts';
import { ADMINISTRATORS, EVERYBODY, forRoles, type Route } from '../route.ts';

export const matterRoutes: Route[] = [
  forRoles(EVERYBODY, {
    method: 'get',
    path: '/api/matters',
    tag: 'Places and matters',
    summary: 'What can be applied for, with its limits and stages.',
    success: { status: 200, schema: z.array(matterSchema) },
    handle: ({ deps }) => listMatters(deps.pool),
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/matters',
    tag: 'Rulebook',
    summary: 'Add a matter; for administrators of the whole centre.',
    body: matterSchema,
    success: { status: 201, schema: matterSchema },
    async handle({ deps, caller: { viewer }, body }) {
      const office = await officeOf(deps.pool, viewer, deps.now());
      const added = await inTransaction(deps.pool, (client) => addMatter(client, office, body));
      await deps.directory.reload();
      return added;
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'patch',
    path: '/api/matters/:id',
    tag: 'Rulebook',
    summary: 'Change a matter; its running cases are judged anew. For administrators of the whole centre.',
    params: nameParams,
    body: matterChangeSchema,
    success: { status: 200, schema: matterSchema },
    async handle({ deps, caller: { viewer }, params: { id }, body }) {
      const office = await officeOf(deps.pool, viewer, deps.now());
      const changed = await inTransaction(deps.pool, (client) => changeMatter(client, office, id, body));
      await deps.directory.reload();
      return changed;
    },
  }),
];
