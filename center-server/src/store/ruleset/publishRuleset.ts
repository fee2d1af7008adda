import type { Ruleset } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface Publication {
  /** From when it holds, ms since the epoch. */
  from: number;
  at: number;
  by: string;
  /** Of whoever publishes it; null for the program and the command line. */
  region: string | null;
  note: string;
}

/** Publishes a version of the ruleset. @returns false when there is one of this number already */
export async function publishRuleset(
  db: Queryable,
  ruleset: Ruleset,
  { from, at, by, region, note }: Publication,
): Promise<boolean> {
  const published = await db.query(
    `INSERT INTO ruleset (version, body, effective_from, created_by, created_at, region, note)
     VALUES ($1, $2, to_timestamp($3 / 1000.0), $4, to_timestamp($5 / 1000.0), $6, $7) ON CONFLICT DO NOTHING`,
    [ruleset.version, JSON.stringify(ruleset), from, by, at, region, note],
  );
  return published.rowCount === 1;
}
