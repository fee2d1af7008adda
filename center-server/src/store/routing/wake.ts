import type { Queryable } from '../database.ts';

/**
 * Lets the routing of alerts be decided at once. One that somebody is just changing is left: every change of an
 * alert wakes it by itself, and waiting for its lock here could wait for ever.
 */
async function wakeWhere(db: Queryable, where: string, values: unknown[]): Promise<void> {
  await db.query(
    `UPDATE alert SET next_at = to_timestamp($1 / 1000.0) WHERE id IN (
       SELECT id FROM alert WHERE state NOT IN ('closed', 'rescinded') AND ${where} ORDER BY id FOR UPDATE SKIP LOCKED)`,
    values,
  );
}

/** Wakes what some alerts may speak for: milder cards of the same clock, and the cases and cameras of a silent source. */
export async function wakeInhibited(
  db: Queryable,
  { fingerprints, sources, now }: { fingerprints: string[]; sources: string[]; now: number },
): Promise<void> {
  if (fingerprints.length > 0) await wakeWhere(db, 'fingerprint = ANY($2)', [now, fingerprints]);
  if (sources.length === 0) return;
  await wakeWhere(db, 'case_id IN (SELECT case_id FROM case_state WHERE source = ANY($2))', [now, sources]);
  // Few stand at a time; the routing asks whose they are.
  await wakeWhere(db, 'camera IS NOT NULL', [now]);
}

/** Wakes what was kept quiet by alerts that do so no more. */
export async function wakeReleased(db: Queryable, by: number[], now: number): Promise<void> {
  if (by.length > 0) await wakeWhere(db, 'inhibited_by = ANY($2)', [now, by]);
}

/**
 * Lets the routing of all standing alerts be decided by `at` (ms since the epoch): the policy, a calendar or
 * opening hours have changed. What stood before anybody was ever told of anything is left: it would storm.
 */
export async function wakeStanding(db: Queryable, at: number): Promise<void> {
  await db.query(
    `UPDATE alert SET next_at = least(next_at, to_timestamp($1 / 1000.0)) WHERE id IN (
       SELECT id FROM alert WHERE state NOT IN ('closed', 'rescinded') AND raised_at >= (SELECT min(at) FROM telling)
       ORDER BY id FOR UPDATE SKIP LOCKED)`,
    [at],
  );
}
