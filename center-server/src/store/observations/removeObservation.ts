import type { StoredObservation } from '@mingjing/contracts';
import type { Client } from '../database.ts';

/** Takes an observation out of the store and forgets its key, so that it may come again. */
export async function removeObservation(
  client: Client,
  { source, id, seq, observedAt }: StoredObservation,
): Promise<void> {
  // The time, with a margin for its fractions, lets the server look into one chunk only.
  await client.query(
    `DELETE FROM observation WHERE seq = $1
       AND observed_at BETWEEN to_timestamp($2 / 1000.0) - interval '1 s' AND to_timestamp($2 / 1000.0) + interval '1 s'`,
    [seq, observedAt],
  );
  await client.query('DELETE FROM inbox WHERE source = $1 AND id = $2', [source, id]);
}
