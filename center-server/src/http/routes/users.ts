import { newUserSchema, userChangeSchema, userSchema, type User, type UserChange } from '@mingjing/contracts';
import { z } from 'zod';
import { appendAudit } from '../../audit/appendAudit.ts';
import { hashPassword } from '../../auth/passwords.ts';
import { maySee, type Viewer } from '../../auth/viewer.ts';
import { inTransaction } from '../../store/database.ts';
import { deleteSessionsOfUser } from '../../store/sessions/deleteSessionsOfUser.ts';
import { getUser } from '../../store/users/getUser.ts';
import { insertUser } from '../../store/users/insertUser.ts';
import { listUsers } from '../../store/users/listUsers.ts';
import { updateUser } from '../../store/users/updateUser.ts';
import type { AppDeps } from '../deps.ts';
import { idParams } from '../params.ts';
import { checkOwnRegion } from '../place.ts';
import { ProblemError } from '../problems.ts';
import { ADMINISTRATORS, forRoles, type Route } from '../route.ts';

/** Whoever is signed in with the old rights is signed out. */
function endsSessions(change: UserChange): boolean {
  const { disabled, password, role, region } = change;
  return disabled === true || password !== undefined || role !== undefined || region !== undefined;
}

/** An administrator who disables or demotes the own account could not undo it. */
function refuseSelfHarm(viewer: Viewer, user: User, change: UserChange): void {
  if (viewer.userId !== user.id) return;
  const harm = change.disabled === true || (change.role !== undefined && change.role !== viewer.role);
  if (harm || (change.region !== undefined && change.region !== viewer.region)) {
    throw new ProblemError('conflict', 'you cannot disable yourself or change your own role or region');
  }
}

async function changeUser(deps: AppDeps, viewer: Viewer, id: number, change: UserChange): Promise<User> {
  const user = await getUser(deps.pool, id);
  if (!user || !maySee(viewer, user.region)) throw new ProblemError('not-found', `there is no user ${id}`);
  if (change.region !== undefined) await checkOwnRegion(deps.pool, viewer, change.region);
  refuseSelfHarm(viewer, user, change);
  const { password, ...rest } = change;
  const passwordHash = password === undefined ? undefined : await hashPassword(password);
  return inTransaction(deps.pool, async (client) => {
    const changed = await updateUser(client, id, { ...rest, passwordHash });
    if (!changed) throw new ProblemError('not-found', `there is no user ${id}`);
    if (endsSessions(change)) await deleteSessionsOfUser(client, id);
    await appendAudit(client, {
      at: deps.now(),
      actor: viewer.username,
      region: changed.region,
      action: 'user.changed',
      object: changed.username,
      detail: { ...rest, ...(password === undefined ? {} : { password: 'changed' }) },
    });
    return changed;
  });
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
    async handle({ deps, caller: { viewer }, body: { password, ...user } }) {
      await checkOwnRegion(deps.pool, viewer, user.region);
      const passwordHash = await hashPassword(password);
      return inTransaction(deps.pool, async (client) => {
        const made = await insertUser(client, { ...user, passwordHash, demo: false });
        if (!made) throw new ProblemError('conflict', `the name "${user.username}" is taken`);
        const { region, role, username: object } = made;
        await appendAudit(client, {
          at: deps.now(),
          actor: viewer.username,
          region,
          action: 'user.added',
          object,
          detail: { role },
        });
        return made;
      });
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
    handle: ({ deps, caller, params, body }) => changeUser(deps, caller.viewer, params.id, body),
  }),
];
