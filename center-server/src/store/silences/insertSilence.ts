import { regionPrefix, type NewSilence } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Says that some alerts are not to be told. @param now ms since the epoch @returns its id */
export async function insertSilence(
  db: Queryable,
  silence: NewSilence,
  by: { userId: number; name: string },
  now: number,
): Promise<number> {
  const { region, department, rule, kind, caseId, reason, expiresAt } = silence;
  const made = await db.query<{ id: number }>(
    `INSERT INTO silence (region, prefix, department, rule, kind, case_id, reason, user_id, author, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10 / 1000.0), to_timestamp($11 / 1000.0)) RETURNING id`,
    [
      ...[region, regionPrefix(region), department ?? null, rule ?? null, kind ?? null, caseId ?? null],
      ...[reason, by.userId, by.name, now, expiresAt],
    ],
  );
  const [row] = made.rows;
  if (!row) throw new Error('the database gave a new silence no number');
  return row.id;
}
