import type { Queryable } from '../database.ts';

/** Whether the audit log knows of an act on an object, however long ago. */
export async function wasDone(db: Queryable, action: string, object: string): Promise<boolean> {
  const found = await db.query<{ known: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM audit_log WHERE action = $1 AND object = $2) AS known',
    [action, object],
  );
  return found.rows[0]?.known ?? false;
}
