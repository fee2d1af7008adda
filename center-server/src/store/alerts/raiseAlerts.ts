import type { NewAlert } from '@mingjing/rules';
import type { Queryable } from '../database.ts';
import { reopenAlerts } from './reopenAlerts.ts';

const INSERT = `
  WITH raised AS (
    INSERT INTO alert (fingerprint, kind, rule, rule_version, region, department, matter, case_id, case_no, source_id,
                       hall, counter, camera, officer, title, reason, seen, at, raised_at, changed_at, next_at)
    SELECT fingerprint, kind, rule, version, region, department, matter, case_id, case_no, source_id, hall, counter, camera,
           officer, title::jsonb, reason::jsonb, seen::json, to_timestamp(at / 1000), to_timestamp($17 / 1000.0), to_timestamp($17 / 1000.0), to_timestamp($17 / 1000.0)
    FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::float8[], $18::text[], $19::text[])
      AS e(fingerprint, kind, rule, version, region, department, matter, case_id, case_no, source_id, hall, counter,
           officer, title, reason, at, seen, camera)
    ON CONFLICT (fingerprint) WHERE state <> 'rescinded' AND (kind <> 'silent' OR state <> 'closed') DO NOTHING
    RETURNING id
  ), told AS (
    INSERT INTO alert_history (alert_id, at, action) SELECT id, to_timestamp($17 / 1000.0), 'raised' FROM raised
  )
  SELECT id FROM raised ORDER BY id`;

/**
 * Raises alerts whose fingerprint does not stand yet, with the first line of their history; one that ended a
 * short while ago opens again instead.
 * @param now ms since the epoch
 * @returns the ids of those that are new or open again
 */
export async function raiseAlerts(db: Queryable, all: NewAlert[], now: number): Promise<number[]> {
  if (all.length === 0) return [];
  const reopened = await reopenAlerts(db, all, now);
  const standing = new Set(reopened.map(({ fingerprint }) => fingerprint));
  const alerts = all.filter(({ fingerprint }) => !standing.has(fingerprint));
  const column = <T>(pick: (alert: NewAlert) => T) => alerts.map(pick);
  const raised = await db.query<{ id: number }>(INSERT, [
    column((alert) => alert.fingerprint),
    column((alert) => alert.kind),
    column((alert) => alert.rule),
    column((alert) => alert.ruleVersion),
    column((alert) => alert.region),
    column((alert) => alert.department),
    column((alert) => alert.matter),
    column((alert) => alert.caseId),
    column((alert) => alert.caseNo),
    column((alert) => alert.sourceId),
    column((alert) => alert.hall),
    column((alert) => alert.counter),
    column((alert) => alert.officer),
    column((alert) => JSON.stringify(alert.title)),
    column((alert) => JSON.stringify(alert.reason)),
    column((alert) => alert.at),
    now,
    column((alert) => JSON.stringify(alert.values)),
    column((alert) => alert.camera ?? null),
  ]);
  return [...reopened, ...raised.rows].map((row) => row.id);
}
