import type { AlertKind, AlertState, Grid, PatrolStep, WallCase } from '@mingjing/contracts';
import { regionPrefix } from '@mingjing/contracts';
import { COVERS } from '../silences/columns.ts';
import type { Queryable } from '../database.ts';

/** An alert that waited longer than this is for the list, not for the wall: a storm passes. */
const FRESH_MS = 30 * 60_000;
/** More than this many do not wait in line. */
const MOST_WAITING = 50;

interface Waiting {
  id: number;
  kind: AlertKind;
  at: number;
}

/** Open alerts that may come to a wall: of its kinds, since it is there, neither silenced nor inhibited. */
export async function waitingAlerts(
  db: Queryable,
  wall: { region: string; createdAt: number; alertPolicy: { levels: readonly AlertKind[] } },
  { but, at }: { but: readonly number[]; at: number },
): Promise<Waiting[]> {
  const found = await db.query<Waiting>(
    `SELECT id, kind, (extract(epoch FROM changed_at) * 1000)::float8 AS at FROM alert
     WHERE starts_with(region, $1) AND state = 'open' AND kind = ANY($2) AND inhibited_by IS NULL
       AND changed_at > to_timestamp($3 / 1000.0) AND NOT id = ANY($4::bigint[])
       AND NOT EXISTS (SELECT 1 FROM silence WHERE silence.ended_at IS NULL AND ${COVERS})
     ORDER BY (kind = 'red') DESC, changed_at, id LIMIT $5`,
    [
      regionPrefix(wall.region),
      wall.alertPolicy.levels,
      Math.max(wall.createdAt, at - FRESH_MS),
      but,
      MOST_WAITING,
    ],
  );
  return found.rows;
}

export async function alertStates(db: Queryable, ids: readonly number[]): Promise<Map<number, AlertState>> {
  if (ids.length === 0) return new Map();
  const found = await db.query<{ id: number; state: AlertState }>(
    'SELECT id, state FROM alert WHERE id = ANY($1::bigint[])',
    [ids],
  );
  return new Map(found.rows.map(({ id, state }) => [id, state]));
}

export async function alertIn(db: Queryable, id: number, prefix: string): Promise<AlertState | undefined> {
  const found = await db.query<{ state: AlertState }>(
    'SELECT state FROM alert WHERE id = $1 AND starts_with(region, $2)',
    [id, prefix],
  );
  return found.rows[0]?.state;
}

/** Which of these cameras have no picture: taken out of use, unknown, or tried in vain. */
export async function camerasOff(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await db.query<{ id: string }>(
    `SELECT asked.id FROM unnest($1::text[]) AS asked(id)
     LEFT JOIN camera ON camera.id = asked.id AND camera.disabled_at IS NULL
     LEFT JOIN camera_state held ON held.camera_id = camera.id
     WHERE camera.id IS NULL OR held.state IN ('retrying', 'failed', 'frozen')`,
    [ids],
  );
  return new Set(found.rows.map(({ id }) => id));
}

export async function patrolSteps(
  db: Queryable,
  id: string | null,
): Promise<{ id: string; name: string; steps: PatrolStep[] } | null> {
  if (id === null) return null;
  const found = await db.query<{ id: string; name: string; steps: PatrolStep[] }>(
    'SELECT id, name, steps FROM patrol WHERE id = $1',
    [id],
  );
  return found.rows[0] ?? null;
}

export async function gridsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, Grid>> {
  if (ids.length === 0) return new Map();
  const found = await db.query<{ id: string; grid: Grid }>(
    'SELECT id, grid FROM layout WHERE id::text = ANY($1::text[])',
    [ids],
  );
  return new Map(found.rows.map(({ id, grid }) => [id, grid]));
}

/** The camera that an alert is about and the screen beside it; without one, those of its counter, else of its hall. */
export async function surroundingsOf(
  db: Queryable,
  alertId: number,
): Promise<{ camera: string | null; screen: string | null }> {
  const nearest = (table: 'camera' | 'screen') => `
    (SELECT near.id FROM ${table} near
     WHERE near.disabled_at IS NULL AND starts_with(near.region, alert.region)
       AND (near.counter = alert.counter OR near.hall = alert.hall)
     ORDER BY (near.counter IS NOT DISTINCT FROM alert.counter) DESC, (near.counter IS NULL) DESC, near.id LIMIT 1)`;
  const found = await db.query<{ camera: string | null; screen: string | null }>(
    `SELECT coalesce((SELECT own.id FROM camera own WHERE own.id = alert.camera AND own.disabled_at IS NULL
                      AND starts_with(own.region, alert.region)), ${nearest('camera')}) AS camera, ${nearest('screen')} AS screen FROM alert WHERE id = $1`,
    [alertId],
  );
  return found.rows[0] ?? { camera: null, screen: null };
}

/** What case tiles say. @param prefix what the codes of the wall's regions begin with: other cases are left out */
export async function wallCases(db: Queryable, ids: readonly string[], prefix: string): Promise<WallCase[]> {
  if (ids.length === 0) return [];
  const found = await db.query<WallCase>(
    `SELECT c.case_id AS "caseId", c.case_no AS "caseNo", c.region, region.name AS "regionName",
            coalesce(department.name, c.department) AS department, coalesce(matter.name, c.matter) AS matter,
            coalesce(matter.name_en, c.matter) AS "matterEn", c.status, c.stage,
            (extract(epoch FROM c.accepted_at) * 1000)::float8 AS "acceptedAt",
            (SELECT jsonb_build_object('id', a.id, 'kind', a.kind, 'state', a.state, 'title', a.title, 'reason', a.reason)
             FROM alert a WHERE a.case_id = c.case_id AND a.state NOT IN ('closed', 'rescinded')
             ORDER BY (a.kind = 'red') DESC, (a.kind = 'yellow') DESC, a.id DESC LIMIT 1) AS alert
     FROM case_state c LEFT JOIN region ON region.code = c.region
     LEFT JOIN department ON department.id = c.department LEFT JOIN matter ON matter.id = c.matter
     WHERE c.case_id = ANY($1) AND starts_with(c.region, $2) ORDER BY c.case_id`,
    [ids, prefix],
  );
  return found.rows;
}

/** Whether what is to be shown lies in a wall's region. */
export async function liesIn(
  db: Queryable,
  table: 'camera' | 'screen' | 'case_state',
  id: string,
  prefix: string,
): Promise<boolean> {
  const key = table === 'case_state' ? 'case_id' : 'id';
  const found = await db.query(`SELECT 1 FROM ${table} WHERE ${key} = $1 AND starts_with(region, $2)`, [
    id,
    prefix,
  ]);
  return found.rowCount === 1;
}
