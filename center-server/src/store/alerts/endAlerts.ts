import type { Sentence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface EndedAlert {
  fingerprint: string;
  reason: Sentence;
  /** Also where a person has closed it: a card that is gone, and told anew when it returns. A closed silence is over. */
  evenClosed?: boolean;
}

/**
 * Ends alerts that no longer hold, with a line of history that says why. What the truth never supported
 * is rescinded; a silence that is over was true while it lasted, and is closed.
 * @param now ms since the epoch
 * @returns the ids of the alerts that changed
 */
export async function endAlerts(db: Queryable, ended: EndedAlert[], now: number): Promise<number[]> {
  if (ended.length === 0) return [];
  const changed = await db.query<{ id: number }>(
    `WITH ended AS (
       UPDATE alert SET changed_at = to_timestamp($3 / 1000.0), next_at = to_timestamp($3 / 1000.0),
         reopen_until = CASE WHEN state = 'closed' THEN to_timestamp($3 / 1000.0) END,
         state = CASE WHEN kind = 'silent' THEN 'closed' ELSE 'rescinded' END
       FROM unnest($1::text[], $2::text[], $4::boolean[]) AS e(fingerprint, note, even_closed)
       WHERE alert.fingerprint = e.fingerprint AND alert.state <> 'rescinded' AND (alert.state <> 'closed' OR (e.even_closed AND alert.kind <> 'silent'))
       RETURNING alert.id, alert.state, e.note
     ), told AS (
       INSERT INTO alert_history (alert_id, at, action, note) SELECT id, to_timestamp($3 / 1000.0), state, note FROM ended
     )
     SELECT id FROM ended`,
    [
      ended.map((end) => end.fingerprint),
      ended.map((end) => end.reason.zh),
      now,
      ended.map((end) => end.evenClosed ?? false),
    ],
  );
  return changed.rows.map((row) => row.id);
}
