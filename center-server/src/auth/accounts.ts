import type { NewUser, User, UserChange } from '@mingjing/contracts';
import { appendAudit } from '../audit/appendAudit.ts';
import { ProblemError } from '../http/problems.ts';
import { inTransaction, type Client, type Pool } from '../store/database.ts';
import { deleteSessionsOfUser } from '../store/sessions/deleteSessionsOfUser.ts';
import { insertUser } from '../store/users/insertUser.ts';
import { updateUser } from '../store/users/updateUser.ts';
import { hashPassword } from './passwords.ts';

/** Who acts, and when (ms since the epoch): what the audit log says of it. */
export interface Actor {
  actor: string;
  at: number;
}

/**
 * Adds a user, inside a transaction of the caller.
 * @param demo made by the demo set-up, with a password that is no secret
 * @throws ProblemError conflict when the name is taken
 */
export async function addUser(client: Client, by: Actor, user: NewUser, demo: boolean): Promise<User> {
  const { password, ...rest } = user;
  const made = await insertUser(client, { ...rest, passwordHash: await hashPassword(password), demo });
  if (!made) throw new ProblemError('conflict', `the name "${user.username}" is taken`);
  const { region, role, username: object } = made;
  await appendAudit(client, { ...by, region, action: 'user.added', object, detail: { role, demo } });
  return made;
}

/** Whoever is signed in with the old rights is signed out. */
function endsSessions({ disabled, password, role, region }: UserChange): boolean {
  return disabled === true || password !== undefined || role !== undefined || region !== undefined;
}

/**
 * Changes a user; a new role, region or password, and disabling, end the user's sessions.
 * @throws ProblemError not-found
 */
export async function changeUser(pool: Pool, by: Actor, id: number, change: UserChange): Promise<User> {
  const { password, ...rest } = change;
  const passwordHash = password === undefined ? undefined : await hashPassword(password);
  return inTransaction(pool, async (client) => {
    const changed = await updateUser(client, id, { ...rest, passwordHash });
    if (!changed) throw new ProblemError('not-found', `there is no user ${id}`);
    if (endsSessions(change)) await deleteSessionsOfUser(client, id);
    const { region, username: object } = changed;
    const detail = { ...rest, ...(password === undefined ? {} : { password: 'changed' }) };
    await appendAudit(client, { ...by, region, action: 'user.changed', object, detail });
    return changed;
  });
}
