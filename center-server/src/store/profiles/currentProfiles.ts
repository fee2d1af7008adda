import type { Profiles } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

/** What was learned last; null before the first time. @param known a version that need not be read again */
export async function currentProfiles(
  db: Queryable,
  known = 0,
): Promise<{ profiles: Profiles; learnedAt: number } | null> {
  const found = await db.query<{ body: Profiles; learnedAt: number }>(
    `SELECT body, (extract(epoch FROM learned_at) * 1000)::float8 AS "learnedAt"
     FROM profile WHERE version > $1 ORDER BY version DESC LIMIT 1`,
    [known],
  );
  const [row] = found.rows;
  return row ? { profiles: row.body, learnedAt: row.learnedAt } : null;
}
