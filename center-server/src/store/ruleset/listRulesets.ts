import type { Ruleset, RulesetVersion } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { versionInForce } from './currentRuleset.ts';

export type StoredVersion = RulesetVersion & { region: string | null };

const COLUMNS = `version, (extract(epoch FROM effective_from) * 1000)::float8 AS "effectiveFrom",
  (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt", created_by AS "createdBy", note, region`;

/** Every version of the ruleset, the latest first. @param at ms since the epoch: which one is in force then */
export async function listRulesets(db: Queryable, at: number): Promise<StoredVersion[]> {
  const inForce = await versionInForce(db, at);
  const found = await db.query<Omit<StoredVersion, 'inForce'>>(
    `SELECT ${COLUMNS} FROM ruleset ORDER BY version DESC`,
  );
  return found.rows.map((row) => ({ ...row, inForce: row.version === inForce }));
}

/** One version of the ruleset with all it says, as it was published; undefined when there is none. */
export async function getRuleset(
  db: Queryable,
  version: number,
  at: number,
): Promise<(StoredVersion & { body: Ruleset }) | undefined> {
  const found = await db.query<Omit<StoredVersion, 'inForce'> & { body: Ruleset }>(
    `SELECT ${COLUMNS}, body FROM ruleset WHERE version = $1`,
    [version],
  );
  const [row] = found.rows;
  return row && { ...row, inForce: (await versionInForce(db, at)) === version };
}
