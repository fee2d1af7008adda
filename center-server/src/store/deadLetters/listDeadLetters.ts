import { regionPrefix, type DeadLetterPage } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { letterOf, LETTER_COLUMNS, type LetterRow } from './columns.ts';

interface Filter {
  source?: string | undefined;
  before?: number | undefined;
  limit: number;
}

/** Dead letters of the sources of a region and everything below it, newest first. */
export async function listDeadLetters(
  db: Queryable,
  region: string,
  filter: Filter,
): Promise<DeadLetterPage> {
  const found = await db.query<LetterRow & { total: number }>(
    `WITH visible AS (
       SELECT ${LETTER_COLUMNS} FROM dead_letter d JOIN source s ON s.id = d.source_id
       WHERE starts_with(s.region, $1) AND ($2::text IS NULL OR d.source_id = $2)
     )
     SELECT *, (SELECT count(*) FROM visible) AS total FROM visible
     WHERE $3::bigint IS NULL OR id < $3 ORDER BY id DESC LIMIT $4`,
    [regionPrefix(region), filter.source, filter.before, filter.limit + 1],
  );
  const letters = found.rows.slice(0, filter.limit).map(letterOf);
  const more = found.rows.length > filter.limit;
  return { letters, next: more ? (letters.at(-1)?.id ?? null) : null, total: found.rows[0]?.total ?? 0 };
}
