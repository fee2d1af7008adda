import { rulesetSchema, type Ruleset } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** The ruleset in force at an instant (ms since the epoch), or null when none was ever published. */
export async function currentRuleset(db: Queryable, at: number): Promise<Ruleset | null> {
  const found = await db.query<{ body: unknown }>(
    `SELECT body FROM ruleset WHERE effective_from <= to_timestamp($1 / 1000.0)
     ORDER BY effective_from DESC, version DESC LIMIT 1`,
    [at],
  );
  return found.rows[0] ? rulesetSchema.parse(found.rows[0].body) : null;
}
