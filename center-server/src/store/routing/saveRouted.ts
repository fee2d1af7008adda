import type { AlertHistory } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** What a routing decision makes of an alert. */
export interface RoutedChange {
  id: number;
  /** When to decide again, ms since the epoch; null: only when something happens. */
  nextAt: number | null;
  inhibitedBy: number | null;
  /** The highest tier that has been told; null for none. */
  level: number | null;
  /** Somebody is told of it now. */
  told: boolean;
  rearmed: boolean;
  /** Until when the same finding opens it again, ms since the epoch; null leaves it. */
  reopenUntil: number | null;
  lines: { action: AlertHistory['action']; note: string | null }[];
}

async function saveLines(db: Queryable, changes: RoutedChange[], now: number): Promise<void> {
  const lines = changes.flatMap(({ id, lines: own }) => own.map((line) => ({ id, ...line })));
  if (lines.length === 0) return;
  await db.query(
    `INSERT INTO alert_history (alert_id, at, action, note)
     SELECT alert_id, to_timestamp($4 / 1000.0), action, note
     FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY AS e(alert_id, action, note, place) ORDER BY place`,
    [lines.map(({ id }) => id), lines.map(({ action }) => action), lines.map(({ note }) => note), now],
  );
}

/** Writes what was decided, with its lines of history. @param now ms since the epoch */
export async function saveRouted(db: Queryable, changes: RoutedChange[], now: number): Promise<void> {
  if (changes.length === 0) return;
  const column = <T>(pick: (change: RoutedChange) => T) => changes.map(pick);
  await db.query(
    `UPDATE alert SET next_at = to_timestamp(e.next_at / 1000), inhibited_by = e.inhibited_by, level = e.level,
       told_at = CASE WHEN e.told THEN coalesce(alert.told_at, to_timestamp($8 / 1000.0)) ELSE alert.told_at END,
       state = CASE WHEN e.rearmed THEN 'open' ELSE alert.state END,
       acknowledged_until = CASE WHEN e.rearmed THEN NULL ELSE alert.acknowledged_until END,
       changed_at = CASE WHEN e.rearmed THEN to_timestamp($8 / 1000.0) ELSE alert.changed_at END,
       reopen_until = coalesce(to_timestamp(e.reopen_until / 1000), alert.reopen_until)
     FROM unnest($1::bigint[], $2::float8[], $3::bigint[], $4::int[], $5::boolean[], $6::boolean[], $7::float8[])
       AS e(id, next_at, inhibited_by, level, told, rearmed, reopen_until)
     WHERE alert.id = e.id`,
    [
      column(({ id }) => id),
      column(({ nextAt }) => nextAt),
      column(({ inhibitedBy }) => inhibitedBy),
      column(({ level }) => level),
      column(({ told }) => told),
      column(({ rearmed }) => rearmed),
      column(({ reopenUntil }) => reopenUntil),
      now,
    ],
  );
  await saveLines(db, changes, now);
}
