import type { NewObservation } from '../../ingest/check.ts';
import { copyRows, copyText, copyTime } from '../copyRows.ts';
import type { Client } from '../database.ts';
import { LOCKS } from '../locks.ts';

const KNOWN = `
  SELECT (n - 1)::int AS index FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS e(source, id, n)
  JOIN inbox USING (source, id)`;

export interface Inserted {
  /** The indexes of rows that were there before. */
  known: Set<number>;
  /** The rows that were not, numbered from `first` on. */
  fresh: NewObservation[];
  first: number;
}

async function knownAlready(client: Client, rows: NewObservation[]): Promise<Set<number>> {
  const known = await client.query<{ index: number }>({
    name: 'known-observations',
    text: KNOWN,
    values: [rows.map((row) => row.source), rows.map((row) => row.id)],
  });
  return new Set(known.rows.map((row) => row.index));
}

async function write(client: Client, rows: NewObservation[], first: number): Promise<void> {
  // The keys first: a row that is there already is refused before anything else was written.
  await copyRows(
    client,
    'inbox (source, id)',
    rows.map(({ source, id }) => `${copyText(source)}\t${copyText(id)}\n`),
  );
  await copyRows(
    client,
    'observation (observed_at, seq, received_at, source, id, kind, region, case_id, data)',
    rows.map(
      ({ observedAt, receivedAt, source, id, kind, region, caseId, data }, index) =>
        `${copyTime(observedAt)}\t${first + index}\t${copyTime(receivedAt)}\t${copyText(source)}\t${copyText(id)}\t` +
        `${copyText(kind)}\t${copyText(region)}\t${copyText(caseId)}\t${copyText(data)}\n`,
    ),
  );
  const times = rows.map((row) => row.observedAt);
  await client.query(
    `WITH written AS (INSERT INTO inbox_commit (last_seq, first_seq, earliest, latest)
       VALUES ($1, $2, to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0)))
     SELECT pg_notify('inbox', '')`,
    [first + rows.length - 1, first, Math.min(...times), Math.max(...times)],
  );
}

/**
 * Stores observations that are new by (source, id), in the order given, and wakes the pipeline on commit.
 * @param rows no two with the same (source, id)
 * @param isNew what surely was not stored before, and need not be looked for
 * @throws pg.DatabaseError 23505 where `isNew` was wrong
 */
export async function insertObservations(
  client: Client,
  rows: NewObservation[],
  isNew: (row: NewObservation) => boolean = () => false,
): Promise<Inserted> {
  // Two writers must not interleave: a number given out by one could otherwise be committed after a higher
  // one of the other, and a reader would step over it. One writer at a time, on any number of nodes; which
  // also means that what is not in the inbox now will not be there when we insert.
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.writer]);
  const doubtful = rows.flatMap((row, index) => (isNew(row) ? [] : [index]));
  const found =
    doubtful.length > 0
      ? await knownAlready(
          client,
          doubtful.flatMap((index) => rows[index] ?? []),
        )
      : [];
  const known = new Set([...found].map((at) => doubtful[at] ?? -1));
  const fresh = known.size === 0 ? rows : rows.filter((_, index) => !known.has(index));
  if (fresh.length === 0) return { known, fresh, first: 0 };
  const last = await client.query<{ seq: number }>(
    'SELECT coalesce(max(last_seq), 0) AS seq FROM inbox_commit',
  );
  const first = (last.rows[0]?.seq ?? 0) + 1;
  await write(client, fresh, first);
  return { known, fresh, first };
}
