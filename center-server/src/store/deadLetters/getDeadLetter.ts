import type { DeadLetter } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import { letterOf, LETTER_COLUMNS, type LetterRow } from './columns.ts';

/** A dead letter with the region of its source. */
export async function getDeadLetter(
  db: Queryable,
  id: number,
): Promise<{ letter: DeadLetter; region: string } | undefined> {
  const found = await db.query<LetterRow & { region: string }>(
    `SELECT ${LETTER_COLUMNS}, s.region FROM dead_letter d JOIN source s ON s.id = d.source_id WHERE d.id = $1`,
    [id],
  );
  const row = found.rows[0];
  return row ? { letter: letterOf(row), region: row.region } : undefined;
}
