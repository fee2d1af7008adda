import type { NewObservation } from '../../ingest/check.ts';
import type { Client } from '../database.ts';
import { LOCKS } from '../locks.ts';

const KNOWN = `
  SELECT (n - 1)::int AS index FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS e(source, id, n)
  JOIN inbox USING (source, id)`;

const INSERT = `
  WITH base AS (SELECT coalesce(max(last_seq), 0) AS seq FROM inbox_commit),
  incoming AS MATERIALIZED (
    SELECT source, id, to_timestamp(observed / 1000.0) AS observed_at, to_timestamp(received / 1000.0) AS received_at,
           kind, region, case_id, data::json AS data, base.seq + n AS seq
    FROM base, unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::text[], $7::text[],
                      string_to_array($8, E'\\n'))
               WITH ORDINALITY AS e(source, id, observed, received, kind, region, case_id, data, n)
  ), kept AS (
    INSERT INTO inbox (source, id) SELECT source, id FROM incoming
  ), written AS (
    INSERT INTO observation (observed_at, seq, received_at, source, id, kind, region, case_id, data)
    SELECT observed_at, seq, received_at, source, id, kind, region, case_id, data FROM incoming
  )
  INSERT INTO inbox_commit (last_seq, first_seq, earliest, latest)
  SELECT max(seq), min(seq), min(observed_at), max(observed_at) FROM incoming
  RETURNING first_seq AS first`;

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

/**
 * Stores observations that are new by (source, id), in the order given, and wakes the pipeline on commit.
 * @param rows no two with the same (source, id)
 */
export async function insertObservations(client: Client, rows: NewObservation[]): Promise<Inserted> {
  // Two writers must not interleave: a number given out by one could otherwise be committed after a higher
  // one of the other, and a reader would step over it. One writer at a time, on any number of nodes; which
  // also means that what is not in the inbox now will not be there when we insert.
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.writer]);
  const known = await knownAlready(client, rows);
  const fresh = known.size === 0 ? rows : rows.filter((_, index) => !known.has(index));
  if (fresh.length === 0) return { known, fresh, first: 0 };
  const written = await client.query<{ first: number }>({
    name: 'insert-observations',
    text: INSERT,
    values: [
      fresh.map((row) => row.source),
      fresh.map((row) => row.id),
      fresh.map((row) => row.observedAt),
      fresh.map((row) => row.receivedAt),
      fresh.map((row) => row.kind),
      fresh.map((row) => row.region),
      fresh.map((row) => row.caseId),
      // JSON text never holds a raw newline, so one string carries them all without escaping each.
      fresh.map((row) => row.data).join('\n'),
    ],
  });
  await client.query(`SELECT pg_notify('inbox', '')`);
  return { known, fresh, first: written.rows[0]?.first ?? 0 };
}
