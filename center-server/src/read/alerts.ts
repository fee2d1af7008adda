import type { Alert, AlertAction, AlertHistory, AlertPage, AlertQuery } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import { ProblemError } from '../http/problems.ts';
import type { Queryable } from '../store/database.ts';
import { containing, scopePattern } from './scope.ts';

/** Alerts with the names of what they point at, times as ms since the epoch. */
const SELECT = `
  SELECT alert.id, alert.kind, alert.state, alert.rule, alert.rule_version AS "ruleVersion", alert.region,
    region.name AS "regionName", coalesce(department.name, alert.department) AS department,
    coalesce(department.name_en, alert.department) AS "departmentEn", coalesce(matter.name, alert.matter) AS matter,
    coalesce(matter.name_en, alert.matter) AS "matterEn", alert.case_id AS "caseId", alert.case_no AS "caseNo",
    alert.source_id AS "sourceId", coalesce(hall.name, alert.hall) AS hall, alert.counter, coalesce(officer.name, alert.officer) AS officer,
    alert.title, alert.reason,
    (extract(epoch FROM alert.at) * 1000)::float8 AS at,
    (extract(epoch FROM alert.raised_at) * 1000)::float8 AS "raisedAt",
    (extract(epoch FROM alert.changed_at) * 1000)::float8 AS "changedAt"
  FROM alert
  LEFT JOIN region ON region.code = alert.region
  LEFT JOIN department ON department.id = alert.department
  LEFT JOIN matter ON matter.id = alert.matter
  LEFT JOIN officer ON officer.id = alert.officer
  LEFT JOIN hall ON hall.id = alert.hall`;

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
    `SELECT (extract(epoch FROM at) * 1000)::float8 AS at, user_name AS user, action, note
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
 * Acts on an alert in the viewer's scope and writes its history, in one statement.
 * @param now ms since the epoch
 * @throws ProblemError not-found; conflict when the alert's state does not allow it
 */
export async function actOnAlert(
  db: Queryable,
  viewer: Viewer,
  id: number,
  act: AlertAction,
  now: number,
): Promise<Alert> {
  const { from, to, told } = ACTIONS[act.action];
  const changed = await db.query(
    `WITH changed AS (
       UPDATE alert SET state = coalesce($4, state), changed_at = to_timestamp($5 / 1000.0)
       WHERE id = $1 AND region LIKE $2 AND state = ANY($3) RETURNING id
     )
     INSERT INTO alert_history (alert_id, at, user_id, user_name, action, note)
     SELECT id, to_timestamp($5 / 1000.0), $6, $7, $8, $9 FROM changed`,
    [id, scopePattern(viewer), from, to, now, viewer.userId, viewer.name, told, act.note ?? null],
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
