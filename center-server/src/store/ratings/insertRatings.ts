import type { Queryable } from '../database.ts';

export interface RatingRow {
  seq: number;
  at: number;
  region: string;
  caseId: string | null;
  department: string | null;
  counter: string | null;
  officer: string | null;
  level: number;
  comment: string | null;
}

/** Keeps ratings beside their observations; the observation's number makes doing it again harmless. */
export async function insertRatings(db: Queryable, rows: RatingRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO rating (seq, at, region, case_id, department, counter, officer, level, comment)
     SELECT seq, to_timestamp(at / 1000), region, case_id, department, counter, officer, level, comment
     FROM unnest($1::bigint[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[])
       AS e(seq, at, region, case_id, department, counter, officer, level, comment)
     ON CONFLICT DO NOTHING`,
    [
      rows.map((row) => row.seq),
      rows.map((row) => row.at),
      rows.map((row) => row.region),
      rows.map((row) => row.caseId),
      rows.map((row) => row.department),
      rows.map((row) => row.counter),
      rows.map((row) => row.officer),
      rows.map((row) => row.level),
      rows.map((row) => row.comment),
    ],
  );
}
