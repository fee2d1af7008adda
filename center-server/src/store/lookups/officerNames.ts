import type { Queryable } from '../database.ts';

/** What officers are called, by id; one that the directory does not know is absent. */
export async function officerNames(db: Queryable, ids: string[]): Promise<Map<string, string>> {
  const found = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM officer WHERE id = ANY($1)',
    [ids],
  );
  return new Map(found.rows.map(({ id, name }) => [id, name]));
}
