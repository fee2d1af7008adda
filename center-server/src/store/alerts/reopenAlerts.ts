import type { NewAlert } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** How long after its end it may still be undecided until when an alert opens again: the router looks every second. */
const UNDECIDED_MS = 60_000;
/** The lines of history that say how an alert stands. */
const STANDINGS = `'raised', 'reopened', 'unacknowledged', 're-armed', 'acknowledged', 'ordered', 'answered'`;

/**
 * Opens alerts again that ended a short while ago, by the centre itself, and are found anew: a source that
 * comes and goes, a card that is taken back and returns. What an acknowledgement promised goes on, and so does
 * an order that was given or answered.
 * @param now ms since the epoch
 * @returns the ids and fingerprints of those that are open again
 */
export async function reopenAlerts(
  db: Queryable,
  alerts: NewAlert[],
  now: number,
): Promise<{ id: number; fingerprint: string }[]> {
  const reopened = await db.query<{ id: number; fingerprint: string }>(
    `WITH ended AS (
       SELECT DISTINCT ON (e.fingerprint) alert.id, e.title, e.reason, e.seen, e.at, (
         SELECT action FROM alert_history AS line
         WHERE line.alert_id = alert.id AND action IN (${STANDINGS})
         ORDER BY line.id DESC LIMIT 1) AS stood
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[]) AS e(fingerprint, title, reason, seen, at)
       JOIN alert ON alert.fingerprint = e.fingerprint AND alert.state IN ('rescinded', 'closed')
       WHERE (alert.state = 'rescinded' OR alert.kind = 'silent')
         AND (alert.reopen_until > to_timestamp($6 / 1000.0) OR (alert.reopen_until IS NULL AND alert.next_at > to_timestamp(($6 - ${UNDECIDED_MS}) / 1000.0)))
         AND NOT EXISTS (SELECT 1 FROM alert AS standing WHERE standing.fingerprint = e.fingerprint
                         AND standing.state <> 'rescinded' AND (standing.kind <> 'silent' OR standing.state <> 'closed'))
       ORDER BY e.fingerprint, alert.id DESC
     ), reopened AS (
       UPDATE alert SET state = CASE WHEN stood IN ('ordered', 'answered') THEN stood WHEN acknowledged_until > to_timestamp($6 / 1000.0) THEN 'acknowledged' ELSE 'open' END,
         title = ended.title::jsonb, reason = ended.reason::jsonb, seen = ended.seen::json, at = to_timestamp(ended.at / 1000),
         changed_at = to_timestamp($6 / 1000.0), next_at = to_timestamp($6 / 1000.0), reopen_until = NULL
       FROM ended WHERE alert.id = ended.id
       RETURNING alert.id, alert.fingerprint, alert.state, alert.acknowledged_until
     ), told AS (
       INSERT INTO alert_history (alert_id, at, action, until_at)
       SELECT id, to_timestamp($6 / 1000.0), action, until_at FROM (
         SELECT id, 1 AS place, 'reopened' AS action, NULL::timestamptz AS until_at FROM reopened
         UNION ALL SELECT id, 2, state, CASE WHEN state = 'acknowledged' THEN acknowledged_until END FROM reopened WHERE state <> 'open'
       ) AS lines ORDER BY id, place
     )
     SELECT id, fingerprint FROM reopened ORDER BY id`,
    [
      alerts.map((alert) => alert.fingerprint),
      alerts.map((alert) => JSON.stringify(alert.title)),
      alerts.map((alert) => JSON.stringify(alert.reason)),
      alerts.map((alert) => JSON.stringify(alert.values)),
      alerts.map((alert) => alert.at),
      now,
    ],
  );
  return reopened.rows;
}
