import type { Ruleset } from '@mingjing/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Queryable } from '../database.ts';
import { currentRuleset } from './currentRuleset.ts';
import { publishRuleset } from './publishRuleset.ts';

/** Who published what came with the program. */
const PROGRAM = 'mingjing';

/**
 * Publishes the ruleset that comes with the program, in a database that has none, and as a new version where
 * nobody has ever published another: a newer program brings newer rules.
 * @param now ms since the epoch
 */
export async function publishDefaultRuleset(db: Queryable, shipped: Ruleset, now: number): Promise<void> {
  const found = await db.query<{ version: number; own: boolean }>(
    'SELECT max(version) AS version, bool_and(created_by = $1) AS own FROM ruleset HAVING count(*) > 0',
    [PROGRAM],
  );
  const [published] = found.rows;
  const publication = { at: now, by: PROGRAM, region: null, note: '' };
  if (!published) await publishRuleset(db, shipped, { ...publication, from: 0 });
  const current = await currentRuleset(db, now);
  if (
    published?.own &&
    current &&
    !isDeepStrictEqual({ ...current.ruleset, version: shipped.version }, shipped)
  ) {
    const next = { ...shipped, version: published.version + 1 };
    await publishRuleset(db, next, { ...publication, from: now });
  }
}
