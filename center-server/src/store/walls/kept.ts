import type { Role, Sharing } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { onlyRow } from './onlyRow.ts';

/** Layouts and patrols are kept alike: with a name, a region, an owner, and who else sees them. */
export type KeptTable = 'layout' | 'patrol';
const BODY = { layout: 'grid', patrol: 'steps' } as const;

/** A row of either table; its body under the name it has in contracts. */
export interface KeptRow {
  id: string;
  name: string;
  region: string;
  owner: string;
  sharedWith: Sharing | null;
  revision: number;
  changedAt: number;
}

/** Who asks for them. */
export interface KeptReader {
  userId: number;
  role: Role;
  /** What the codes of the regions in scope begin with. */
  prefix: string;
}

export interface KeptValues {
  name: string;
  region: string;
  body: unknown;
  roles: readonly Role[] | null;
  /** ms since the epoch */
  at: number;
  /** Of a new one: the id it is to have, a UUID; otherwise it is given one. */
  id?: string;
}

const columns = (table: KeptTable) => `
  kept.id, kept.name, kept.region, app_user.username AS owner, kept.${BODY[table]}, kept.revision,
  CASE WHEN kept.roles IS NULL THEN NULL ELSE jsonb_build_object('roles', kept.roles) END AS "sharedWith",
  (extract(epoch FROM kept.changed_at) * 1000)::float8 AS "changedAt"`;

/** Those that a reader may see: one's own, those shared with one's role, and all of them for an administrator. */
export async function listKept<T extends KeptRow>(
  db: Queryable,
  table: KeptTable,
  { userId, role, prefix }: KeptReader,
  id: string | null = null,
): Promise<T[]> {
  const found = await db.query<T>(
    `SELECT ${columns(table)} FROM ${table} kept JOIN app_user ON app_user.id = kept.owner
     WHERE starts_with(kept.region, $1) AND ($4::text IS NULL OR kept.id::text = $4)
       AND (kept.owner = $2 OR $3 = 'administrator' OR $3 = ANY(kept.roles))
     ORDER BY kept.name, kept.id`,
    [prefix, userId, role, id],
  );
  return found.rows;
}

/** @returns its id */
export async function insertKept(
  db: Queryable,
  table: KeptTable,
  owner: number,
  { name, region, body, roles, at, id }: KeptValues,
): Promise<string> {
  const made = await db.query<{ id: string }>(
    `INSERT INTO ${table} (id, name, region, owner, ${BODY[table]}, roles, changed_at)
     VALUES (coalesce($7, gen_random_uuid()), $1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) RETURNING id`,
    [name, region, owner, JSON.stringify(body), roles, at, id ?? null],
  );
  return onlyRow(made.rows).id;
}

/** @returns false when it is not at that revision any more */
export async function updateKept(
  db: Queryable,
  table: KeptTable,
  { id, revision }: { id: string; revision: number },
  { name, region, body, roles, at }: KeptValues,
): Promise<boolean> {
  const done = await db.query(
    `UPDATE ${table} SET name = $3, region = $4, ${BODY[table]} = $5, roles = $6,
       changed_at = to_timestamp($7 / 1000.0), revision = revision + 1
     WHERE id = $1 AND revision = $2`,
    [id, revision, name, region, JSON.stringify(body), roles, at],
  );
  return done.rowCount === 1;
}

export async function deleteKept(db: Queryable, table: KeptTable, id: string): Promise<void> {
  await db.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
}
