import { newUserSchema, userChangeSchema, userSchema, type User, type UserChange } from '@mingjing/contracts';
import { z } from 'zod';
import { addUser, changeUser } from '../../auth/accounts.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { inTransaction } from '../../store/database.ts';
import { getUser } from '../../store/users/getUser.ts';
import { listUsers } from '../../store/users/listUsers.ts';
import type { AppDeps } from '../deps.ts';
import { idParams } from '../params.ts';
import { checkOwnRegion } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, type Route } from '../route.ts';

/** An administrator who disables or demotes the own account could not undo it. */
function refuseSelfHarm(viewer: Viewer, user: User, change: UserChange): void {
  if (viewer.userId !== user.id) return;
  const harm = change.disabled === true || (change.role !== undefined && change.role !== viewer.role);
  if (harm || (change.region !== undefined && change.region !== viewer.region)) {
    throw new ProblemError('conflict', 'you cannot disable yourself or change your own role or region');
  }
}

async function change(deps: AppDeps, viewer: Viewer, id: number, asked: UserChange): Promise<User> {
  const user = await getUser(deps.pool, id);
  if (!user || !maySee(viewer, user.region)) throw new ProblemError('not-found', `there is no user ${id}`);
  if (asked.region !== undefined) await checkOwnRegion(deps.pool, viewer, asked.region);
  refuseSelfHarm(viewer, user, asked);
  return changeUser(deps.pool, { actor: viewer.username, at: deps.now() }, id, asked);
}

export const userRoutes: Route[] = [
  forRoles(ADMINISTRATORS, {
    method: 'get',
    path: '/api/users',
    tag: 'Administration',
    summary: 'Users of the own region and everything below it.',
    success: { status: 200, schema: z.array(userSchema) },
    handle: ({ deps, caller }) => listUsers(deps.pool, caller.viewer.region),
  }),
  forRoles(ADMINISTRATORS, {
    method: 'post',
    path: '/api/users',
    tag: 'Administration',
    summary: 'Add a user.',
    body: newUserSchema,
    success: { status: 201, schema: userSchema },
    async handle({ deps, caller: { viewer }, body }) {
      await checkOwnRegion(deps.pool, viewer, body.region);
      const by = { actor: viewer.username, at: deps.now() };
      return inTransaction(deps.pool, (client) => addUser(client, by, body, false));
    },
  }),
  forRoles(ADMINISTRATORS, {
    method: 'patch',
    path: '/api/users/:id',
    tag: 'Administration',
    summary: 'Change a user. A new role, region or password, or disabling, ends the user’s sessions.',
    params: idParams,
    body: userChangeSchema,
    success: { status: 200, schema: userSchema },
    handle: ({ deps, caller, params, body }) => change(deps, caller.viewer, params.id, body),
  }),
];
