import type { NewObservation } from '../../ingest/check.ts';
import type { Client } from '../database.ts';

/**
 * Two writers must not interleave: sequence numbers are handed out before a transaction commits, so a
 * reader could otherwise step over a number that commits late. One writer at a time, on any number of nodes.
 */
const WRITER_LOCK = 0x6d6a_0001;

const INSERT = `
  WITH incoming AS (
    SELECT source, id, to_timestamp(observed / 1000.0) AS observed_at, to_timestamp(received / 1000.0) AS received_at,
           kind, region, case_id, data::json AS data, n
    FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::text[], $7::text[],
                string_to_array($8, E'\\n'))
         WITH ORDINALITY AS e(source, id, observed, received, kind, region, case_id, data, n)
  ), kept AS (
    INSERT INTO inbox (source, id, observed_at) SELECT source, id, observed_at FROM incoming ORDER BY n
    ON CONFLICT DO NOTHING RETURNING source, id, seq
  ), written AS (
    INSERT INTO observation (observed_at, seq, received_at, source, id, kind, region, case_id, data)
    SELECT observed_at, seq, received_at, source, id, kind, region, case_id, data FROM kept JOIN incoming USING (source, id)
  )
  SELECT (n - 1)::int AS index FROM incoming LEFT JOIN kept USING (source, id) WHERE kept.seq IS NULL`;

/**
 * Stores observations that are new by (source, id), in the order given, and wakes the pipeline on commit.
 * @param rows no two with the same (source, id)
 * @returns the indexes of rows that were there before
 */
export async function insertObservations(client: Client, rows: NewObservation[]): Promise<Set<number>> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [WRITER_LOCK]);
  const duplicates = await client.query<{ index: number }>({
    name: 'insert-observations',
    text: INSERT,
    values: [
      rows.map((row) => row.source),
      rows.map((row) => row.id),
      rows.map((row) => row.observedAt),
      rows.map((row) => row.receivedAt),
      rows.map((row) => row.kind),
      rows.map((row) => row.region),
      rows.map((row) => row.caseId),
      // JSON text never holds a raw newline, so one string carries them all without escaping each.
      rows.map((row) => row.data).join('\n'),
    ],
  });
  await client.query(`SELECT pg_notify('inbox', '')`);
  return new Set(duplicates.rows.map((row) => row.index));
}
