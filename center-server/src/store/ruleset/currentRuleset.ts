import { rulesetSchema, type Ruleset } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** In force is the latest version of those that have taken effect: each is made from the one before. */
const IN_FORCE = `
  SELECT version FROM ruleset WHERE effective_from <= to_timestamp($1 / 1000.0) OR enacted_at IS NOT NULL
  ORDER BY version DESC LIMIT 1`;

/** The version of the ruleset in force at an instant (ms since the epoch); null when none was ever published. */
export async function versionInForce(db: Queryable, at: number): Promise<number | null> {
  const found = await db.query<{ version: number }>(IN_FORCE, [at]);
  return found.rows[0]?.version ?? null;
}

/** The ruleset in force at an instant (ms since the epoch), or null when none was ever published. */
export async function currentRuleset(
  db: Queryable,
  at: number,
): Promise<{ ruleset: Ruleset; enacted: boolean } | null> {
  const found = await db.query<{ body: unknown; enacted: boolean }>(
    `SELECT body, enacted_at IS NOT NULL AS enacted FROM ruleset WHERE version = (${IN_FORCE})`,
    [at],
  );
  const [row] = found.rows;
  return row ? { ruleset: rulesetSchema.parse(row.body), enacted: row.enacted } : null;
}
