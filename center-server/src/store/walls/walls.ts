import type { NewWall, Wall } from '@mingjing/contracts';
import { NEW_COURSE, type Course } from '../../walls/course.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from './onlyRow.ts';

/** The database tells on this channel which wall shows something else now, when the change commits. */
export const WALL_CHANGED_CHANNEL = 'wall_changed';

/** A wall and what it is at. */
export interface WallRow extends Wall {
  course: Course;
  rev: number;
}

const COLUMNS = `
  id, name, region, windows, patrol, alert_policy AS "alertPolicy", revision, course, rev,
  (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
  (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"`;

/** A wall without what it is at. */
export function wallOf({ course: _course, rev: _rev, ...wall }: WallRow): Wall {
  return wall;
}

/** @param prefix what the codes of the regions in scope begin with */
export async function listWalls(db: Queryable, prefix: string): Promise<WallRow[]> {
  const found = await db.query<WallRow>(
    `SELECT ${COLUMNS} FROM wall WHERE starts_with(region, $1) ORDER BY region, name, id`,
    [prefix],
  );
  return found.rows;
}

export async function getWall(db: Queryable, id: string): Promise<WallRow | undefined> {
  return (await db.query<WallRow>(`SELECT ${COLUMNS} FROM wall WHERE id::text = $1`, [id])).rows[0];
}

/** Holds a wall's row until the transaction ends: one centre at a time moves a wall on. */
export async function lockWall(db: Queryable, id: string): Promise<WallRow | undefined> {
  return (await db.query<WallRow>(`SELECT ${COLUMNS} FROM wall WHERE id::text = $1 FOR UPDATE`, [id]))
    .rows[0];
}

/**
 * @param at ms since the epoch
 * @param id the one it is to have, a UUID; null: it is given one
 * @returns its id
 */
export async function insertWall(
  db: Queryable,
  wall: NewWall,
  at: number,
  id: string | null = null,
): Promise<string> {
  const { name, region, windows, patrol, alertPolicy } = wall;
  const made = await db.query<{ id: string }>(
    `INSERT INTO wall (id, name, region, windows, patrol, alert_policy, course, created_at, changed_at, wake_at)
     VALUES (coalesce($8, gen_random_uuid()), $1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0),
             to_timestamp($7 / 1000.0), to_timestamp($7 / 1000.0))
     RETURNING id`,
    [
      name,
      region,
      JSON.stringify(windows),
      patrol,
      JSON.stringify(alertPolicy),
      JSON.stringify(NEW_COURSE),
      at,
      id,
    ],
  );
  return onlyRow(made.rows).id;
}

/** @returns false when it is not at that revision any more */
export async function updateWall(
  db: Queryable,
  { id, revision }: { id: string; revision: number },
  wall: NewWall,
  at: number,
): Promise<boolean> {
  const { name, region, windows, patrol, alertPolicy } = wall;
  const done = await db.query(
    `UPDATE wall SET name = $3, region = $4, windows = $5, patrol = $6, alert_policy = $7,
       changed_at = to_timestamp($8 / 1000.0), revision = revision + 1
     WHERE id::text = $1 AND revision = $2`,
    [id, revision, name, region, JSON.stringify(windows), patrol, JSON.stringify(alertPolicy), at],
  );
  return done.rowCount === 1;
}

export async function deleteWall(db: Queryable, id: string): Promise<void> {
  await db.query(
    `WITH gone AS (DELETE FROM wall WHERE id::text = $1 RETURNING id) SELECT pg_notify($2, id::text) FROM gone`,
    [id, WALL_CHANGED_CHANNEL],
  );
}

/** Keeps what a wall is at. @param changed it shows something else now: everybody is told on commit */
export async function saveCourse(
  db: Queryable,
  id: string,
  { course, wakeAt, changed }: { course: Course; wakeAt: number; changed: boolean },
): Promise<void> {
  await db.query(
    `UPDATE wall SET course = $2, wake_at = to_timestamp($3 / 1000.0), rev = rev + $4 WHERE id = $1`,
    [id, JSON.stringify(course), wakeAt, changed ? 1 : 0],
  );
  if (changed) await db.query('SELECT pg_notify($1, $2)', [WALL_CHANGED_CHANNEL, id]);
}

/** Tells everybody that walls which show a layout or walk a patrol must be read again. */
export async function touchWalls(db: Queryable): Promise<void> {
  await db.query(
    `WITH touched AS (UPDATE wall SET rev = rev + 1 RETURNING id) SELECT pg_notify($1, id::text) FROM touched`,
    [WALL_CHANGED_CHANNEL],
  );
}

/** Walls that must be looked at. @param at ms since the epoch; null for all of them */
export async function dueWalls(db: Queryable, at: number | null): Promise<string[]> {
  const found = await db.query<{ id: string }>(
    `SELECT id FROM wall WHERE $1::float8 IS NULL OR wake_at <= to_timestamp($1 / 1000.0) ORDER BY wake_at LIMIT 500`,
    [at],
  );
  return found.rows.map(({ id }) => id);
}
