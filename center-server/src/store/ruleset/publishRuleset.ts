import type { Ruleset } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Publishes a version of the ruleset; the same version twice is left as it is. @param from ms since the epoch */
export async function publishRuleset(
  db: Queryable,
  ruleset: Ruleset,
  from: number,
  by: string,
): Promise<void> {
  await db.query(
    `INSERT INTO ruleset (version, body, effective_from, created_by)
     VALUES ($1, $2, to_timestamp($3 / 1000.0), $4) ON CONFLICT DO NOTHING`,
    [ruleset.version, JSON.stringify(ruleset), from, by],
  );
}
