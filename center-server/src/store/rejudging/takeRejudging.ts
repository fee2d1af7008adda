import type { Client } from '../database.ts';

/** Takes some cases from the list of those to be judged anew, by their names; a rollback puts them back. */
export async function takeRejudging(client: Client, limit: number): Promise<string[]> {
  const taken = await client.query<{ case_id: string }>(
    `DELETE FROM rejudging WHERE case_id IN (SELECT case_id FROM rejudging ORDER BY case_id LIMIT $1)
     RETURNING case_id`,
    [limit],
  );
  return taken.rows.map((row) => row.case_id).sort();
}
