import type { StoredObservation } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

const COLUMNS = `seq, source, id, kind, region, data,
  round(extract(epoch FROM observed_at) * 1000)::float8 AS "observedAt",
  round(extract(epoch FROM received_at) * 1000)::float8 AS "receivedAt"`;

/** The next observations after a number, in the order they were stored. */
export async function readAfter(db: Queryable, seq: number, limit: number): Promise<StoredObservation[]> {
  const range = await db.query<{ last: number | null; earliest: Date; latest: Date }>({
    name: 'inbox-range',
    text: `SELECT max(seq) AS last, min(observed_at) AS earliest, max(observed_at) AS latest
           FROM (SELECT seq, observed_at FROM inbox WHERE seq > $1 ORDER BY seq LIMIT $2) AS next`,
    values: [seq, limit],
  });
  const bounds = range.rows[0];
  if (!bounds || bounds.last === null) return [];
  // The time bounds let the server pass over every chunk that cannot hold these numbers.
  const found = await db.query<StoredObservation>(
    `SELECT ${COLUMNS} FROM observation
     WHERE seq > $1 AND seq <= $2 AND observed_at BETWEEN $3 AND $4 ORDER BY seq`,
    [seq, bounds.last, bounds.earliest, bounds.latest],
  );
  return found.rows;
}

/** Every event of some cases, by case. */
export async function readCaseEvents(
  db: Queryable,
  caseIds: string[],
): Promise<Map<string, StoredObservation[]>> {
  const found = await db.query<StoredObservation & { caseId: string }>(
    `SELECT case_id AS "caseId", ${COLUMNS} FROM observation WHERE case_id = ANY($1) ORDER BY observed_at, seq`,
    [caseIds],
  );
  return Map.groupBy(found.rows, (row) => row.caseId);
}
