import type { StoredObservation } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';
import type { RecentCommits } from './recentCommits.ts';

/** The columns of an observation as the program holds it. */
export const OBSERVATION_COLUMNS = `seq, source, id, kind, region, data,
  round(extract(epoch FROM observed_at) * 1000)::float8 AS "observedAt",
  round(extract(epoch FROM received_at) * 1000)::float8 AS "receivedAt"`;

interface Bounds {
  last: number | null;
  earliest: Date;
  latest: Date;
}

export interface Read {
  /** The number up to which everything has now been read. */
  last: number;
  observations: StoredObservation[];
}

/**
 * The next observations after a number, in the order they were stored: whole commits, as many as are
 * needed to reach `atLeast`, unless that is more than `atMost`.
 * @param recent where to look for them before reading them from the store; it forgets what lies before
 * @returns null when nothing was committed after it
 */
export async function readAfter(
  db: Queryable,
  seq: number,
  atLeast: number,
  atMost = Number.MAX_SAFE_INTEGER,
  recent?: RecentCommits,
): Promise<Read | null> {
  recent?.forgetUpTo(seq);
  const range = await db.query<Bounds>({
    name: 'inbox-range',
    text: `SELECT max(last_seq) AS last, min(earliest) AS earliest, max(latest) AS latest FROM (
             SELECT * FROM inbox_commit WHERE last_seq > $1 AND first_seq <= $1 + $2 ORDER BY last_seq LIMIT $2
           ) AS next`,
    values: [seq, atLeast],
  });
  const bounds = range.rows[0];
  if (!bounds || bounds.last === null) return null;
  const last = Math.min(bounds.last, seq + atMost);
  const handed = recent?.between(seq, last);
  if (handed) return { last, observations: handed };
  // The time bounds let the server pass over every chunk that cannot hold these numbers.
  const found = await db.query<StoredObservation>(
    `SELECT ${OBSERVATION_COLUMNS} FROM observation
     WHERE seq > $1 AND seq <= $2 AND observed_at BETWEEN $3 AND $4 ORDER BY seq`,
    [seq, last, bounds.earliest, bounds.latest],
  );
  return { last, observations: found.rows };
}

/** Every event of some cases, by case. */
export async function readCaseEvents(
  db: Queryable,
  caseIds: string[],
): Promise<Map<string, StoredObservation[]>> {
  const found = await db.query<StoredObservation & { caseId: string }>(
    `SELECT case_id AS "caseId", ${OBSERVATION_COLUMNS} FROM observation WHERE case_id = ANY($1) ORDER BY observed_at, seq`,
    [caseIds],
  );
  return Map.groupBy(found.rows, (row) => row.caseId);
}
