import type { Millis, Rung, Sentence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Something that the live centre issued and that still stands. */
export interface Issued {
  caseId: string;
  /** A card's clock and rung; null for an alert that is not one. */
  card: { clockId: string; rung: Rung } | null;
  fingerprint: string;
  rule: string;
  kind: string;
  at: Millis;
  title: Sentence;
  reason: Sentence;
}

/**
 * What stands of some cases, cards and other alerts, whatever people have done about it since; what was
 * rescinded does not.
 */
export async function readIssued(db: Queryable, caseIds: string[]): Promise<Issued[]> {
  const found = await db.query<Omit<Issued, 'card'> & { clockId: string | null; rung: Rung | null }>(
    `SELECT alert.case_id AS "caseId", card.clock_id AS "clockId", card.rung, alert.fingerprint, alert.rule, alert.kind,
            (extract(epoch FROM coalesce(card.at, alert.at)) * 1000)::float8 AS at, alert.title,
            coalesce(card.reason, alert.reason) AS reason
     FROM alert LEFT JOIN card ON card.case_id = alert.case_id AND card.fingerprint = alert.fingerprint
       AND card.rescinded_at IS NULL
     WHERE alert.case_id = ANY($1) AND alert.state <> 'rescinded' ORDER BY alert.id`,
    [caseIds],
  );
  return found.rows.map(({ clockId, rung, ...issued }) => ({
    ...issued,
    card: clockId !== null && rung !== null ? { clockId, rung } : null,
  }));
}
