import type { Alert, AlertAction, AlertHistory, AlertPage, AlertQuery } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { COVERS } from '../store/silences/columns.ts';
import { containing, scopePattern } from './scope.ts';

/** Alerts with the names of what they point at, times as ms since the epoch. */
const SELECT = `
  SELECT alert.id, alert.kind, alert.state, alert.rule, alert.rule_version AS "ruleVersion", alert.region,
    region.name AS "regionName", coalesce(department.name, alert.department) AS department,
    coalesce(department.name_en, alert.department) AS "departmentEn", coalesce(matter.name, alert.matter) AS matter,
    coalesce(matter.name_en, alert.matter) AS "matterEn", alert.case_id AS "caseId", alert.case_no AS "caseNo",
    alert.source_id AS "sourceId", coalesce(hall.name, alert.hall) AS hall, alert.counter, alert.camera,
    coalesce(camera.name, alert.camera) AS "cameraName", coalesce(officer.name, alert.officer) AS officer,
    alert.title, alert.reason,
    (extract(epoch FROM alert.at) * 1000)::float8 AS at,
    (extract(epoch FROM alert.raised_at) * 1000)::float8 AS "raisedAt",
    (extract(epoch FROM alert.changed_at) * 1000)::float8 AS "changedAt",
    alert.department AS "departmentId", alert.level, quiet.mark AS silence,
    CASE WHEN inhibitor.id IS NOT NULL THEN jsonb_build_object('id', inhibitor.id, 'title', inhibitor.title) END AS "inhibitedBy",
    (extract(epoch FROM alert.acknowledged_until) * 1000)::float8 AS "acknowledgedUntil"
  FROM alert
  LEFT JOIN region ON region.code = alert.region
  LEFT JOIN department ON department.id = alert.department
  LEFT JOIN matter ON matter.id = alert.matter
  LEFT JOIN officer ON officer.id = alert.officer
  LEFT JOIN hall ON hall.id = alert.hall
  LEFT JOIN camera ON camera.id = alert.camera
  LEFT JOIN alert AS inhibitor ON inhibitor.id = alert.inhibited_by
  LEFT JOIN LATERAL (
    SELECT jsonb_build_object('id', silence.id, 'until', (extract(epoch FROM silence.expires_at) * 1000)::float8,
                              'by', silence.author, 'reason', silence.reason) AS mark
    FROM silence WHERE silence.ended_at IS NULL AND alert.state NOT IN ('closed', 'rescinded') AND ${COVERS}
    ORDER BY silence.expires_at DESC, silence.id LIMIT 1
  ) AS quiet ON true`;

/** Every filter is one condition that a null switches off. */
const FILTER = `
  alert.region LIKE $1
  AND ($2::text[] IS NULL OR alert.kind = ANY($2))
  AND ($3::text[] IS NULL OR alert.state = ANY($3))
  AND ($4::text IS NULL OR alert.department = $4)
  AND ($5::text IS NULL OR alert.case_no LIKE $5 OR alert.title->>'zh' LIKE $5 OR alert.reason->>'zh' LIKE $5
       OR alert.title->>'en' ILIKE $5 OR alert.reason->>'en' ILIKE $5)
  AND ($6::timestamptz IS NULL OR alert.raised_at >= $6)
  AND ($7::timestamptz IS NULL OR alert.raised_at < $7)`;

/** The alerts a viewer may see, newest first, a page at a time. */
export async function listAlerts(db: Queryable, viewer: Viewer, query: AlertQuery): Promise<AlertPage> {
  const filter = [
    scopePattern(viewer, query.region),
    query.kind ?? null,
    query.state ?? null,
    query.department ?? null,
    query.text === undefined ? null : containing(query.text),
    query.since ?? null,
    query.until ?? null,
  ];
  const [page, count] = await Promise.all([
    db.query<Alert>(
      `${SELECT} WHERE ${FILTER} AND ($8::bigint IS NULL OR alert.id < $8) ORDER BY alert.id DESC LIMIT $9`,
      [...filter, query.before ?? null, query.limit + 1],
    ),
    db.query<{ total: number }>(`SELECT count(*) AS total FROM alert WHERE ${FILTER}`, filter),
  ]);
  const alerts = page.rows.slice(0, query.limit);
  const more = page.rows.length > query.limit;
  return { alerts, next: more ? (alerts.at(-1)?.id ?? null) : null, total: count.rows[0]?.total ?? 0 };
}

/** Alerts by id, for the live feed: the caller checks who may see them. */
export async function alertsById(db: Queryable, ids: number[]): Promise<Alert[]> {
  const found = await db.query<Alert>(`${SELECT} WHERE alert.id = ANY($1) ORDER BY alert.id`, [ids]);
  return found.rows;
}

/** Every alert of a case, oldest first: the caller has checked who may see the case. */
export async function listAlertsOfCase(db: Queryable, caseId: string): Promise<Alert[]> {
  const found = await db.query<Alert>(`${SELECT} WHERE alert.case_id = $1 ORDER BY alert.at, alert.id`, [
    caseId,
  ]);
  return found.rows;
}

/** What a wall begins with: alerts that wait for somebody, newest first. */
export async function standingAlerts(db: Queryable, pattern: string, limit: number): Promise<Alert[]> {
  const found = await db.query<Alert>(
    `${SELECT} WHERE alert.region LIKE $1 AND alert.state IN ('open', 'acknowledged') ORDER BY alert.id DESC LIMIT $2`,
    [pattern, limit],
  );
  return found.rows;
}

/** One alert with its history. @throws ProblemError not-found, also for one the viewer may not see */
export async function getAlert(
  db: Queryable,
  viewer: Viewer,
  id: number,
): Promise<{ alert: Alert; history: AlertHistory[] }> {
  const found = await db.query<Alert>(`${SELECT} WHERE alert.id = $1 AND alert.region LIKE $2`, [
    id,
    scopePattern(viewer),
  ]);
  const alert = found.rows[0];
  if (!alert) throw new ProblemError('not-found', `there is no alert ${id} in ${viewer.region}`);
  const history = await db.query<AlertHistory>(
    `SELECT (extract(epoch FROM at) * 1000)::float8 AS at, user_name AS user, action, note,
            (extract(epoch FROM until_at) * 1000)::float8 AS until
     FROM alert_history WHERE alert_id = $1 ORDER BY id`,
    [id],
  );
  return { alert, history: history.rows };
}

/** What an action makes of an alert, and from which states it may be taken. */
const ACTIONS = {
  acknowledge: { from: ['open'], to: 'acknowledged', told: 'acknowledged' },
  unacknowledge: { from: ['acknowledged'], to: 'open', told: 'unacknowledged' },
  close: { from: ['open', 'acknowledged', 'ordered', 'answered'], to: 'closed', told: 'closed' },
  note: {
    from: ['open', 'acknowledged', 'ordered', 'answered', 'closed', 'rescinded'],
    to: null,
    told: 'noted',
  },
} as const;

/**
 * Acts on an alert in the viewer's scope and writes its history, in one statement; its routing is decided anew.
 * @param now ms since the epoch
 * @param until of an acknowledgement: until when it is in hand, ms since the epoch
 * @throws ProblemError not-found; conflict when the alert's state does not allow it
 */
export async function actOnAlert(
  db: Queryable,
  viewer: Viewer,
  id: number,
  act: AlertAction,
  now: number,
  until: number | null = null,
): Promise<Alert> {
  const { from, to, told } = ACTIONS[act.action];
  const changed = await db.query(
    `WITH changed AS (
       UPDATE alert SET state = coalesce($4, state), changed_at = to_timestamp($5 / 1000.0), next_at = to_timestamp($5 / 1000.0),
         acknowledged_until = CASE WHEN $4 IS NULL THEN acknowledged_until ELSE to_timestamp($10::float8 / 1000) END,
         reopen_until = CASE WHEN $4 = 'closed' THEN to_timestamp($5 / 1000.0) ELSE reopen_until END
       WHERE id = $1 AND region LIKE $2 AND state = ANY($3) RETURNING id
     )
     INSERT INTO alert_history (alert_id, at, user_id, user_name, action, note, until_at)
     SELECT id, to_timestamp($5 / 1000.0), $6, $7, $8, $9, to_timestamp($10::float8 / 1000) FROM changed`,
    [id, scopePattern(viewer), from, to, now, viewer.userId, viewer.name, told, act.note ?? null, until],
  );
  const { alert } = await getAlert(db, viewer, id);
  if (changed.rowCount === 0) {
    throw new ProblemError(
      'conflict',
      `alert ${id} is ${alert.state}; ${act.action} expects ${from.join(' or ')}`,
    );
  }
  return alert;
}
