import type { Queryable } from '../database.ts';

/** The names of users who can still sign in with the password of the demo set-up. */
export async function listDemoUsers(db: Queryable): Promise<string[]> {
  const found = await db.query<{ username: string }>(
    'SELECT username FROM app_user WHERE demo AND disabled_at IS NULL ORDER BY username',
  );
  return found.rows.map((row) => row.username);
}
