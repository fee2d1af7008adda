import type { Client } from '../database.ts';

/** Which cases a change concerns. */
export type Concerned =
  | { all: true }
  | { matter: string }
  | { hall: string }
  | {
      /** Clocks that ran, or will run, on a day of these: a change of the calendar, also for cases that ended. */
      spans: { from: string; to: string }[];
      /** Only regions that begin so. */
      prefixes: string[];
    };

/** Cases that are open, or have a clock beside their own that still runs. */
const RUNNING = `(c.ended_at IS NULL OR EXISTS (SELECT 1 FROM clock WHERE clock.case_id = c.case_id AND clock.ended_at IS NULL))`;

/**
 * Local days reach into their neighbours in other zones: a day more on either side. An open case is concerned also
 * without a clock, and after its clock was due: an application that waits, something done off hours.
 */
const TOUCHED = `
  SELECT DISTINCT clock.case_id, to_timestamp($1 / 1000.0)
  FROM clock JOIN case_state c USING (case_id)
  WHERE EXISTS (
    SELECT 1 FROM unnest($2::date[], $3::date[]) AS span(first, last)
    WHERE clock.started_at < span.last + 2
      AND coalesce(greatest(clock.ended_at, clock.due_at), 'infinity') >= span.first - 1)
    AND EXISTS (SELECT 1 FROM unnest($4::text[]) AS prefix WHERE starts_with(c.region, prefix))
  UNION
  SELECT c.case_id, to_timestamp($1 / 1000.0) FROM case_state c
  WHERE c.ended_at IS NULL
    AND coalesce(c.submitted_at, c.accepted_at) < (SELECT max(last) + 2 FROM unnest($3::date[]) AS last)
    AND EXISTS (SELECT 1 FROM unnest($4::text[]) AS prefix WHERE starts_with(c.region, prefix))`;

function selection(concerned: Concerned): { text: string; values: unknown[] } {
  const running = `SELECT c.case_id, to_timestamp($1 / 1000.0) FROM case_state c WHERE ${RUNNING}`;
  if ('all' in concerned) return { text: running, values: [] };
  if ('matter' in concerned) return { text: `${running} AND c.matter = $2`, values: [concerned.matter] };
  if ('hall' in concerned) return { text: `${running} AND c.hall = $2`, values: [concerned.hall] };
  const { spans, prefixes } = concerned;
  return { text: TOUCHED, values: [spans.map(({ from }) => from), spans.map(({ to }) => to), prefixes] };
}

/** Puts the cases that a change concerns on the list of those to be judged anew. @param now ms since the epoch */
export async function askRejudging(client: Client, concerned: Concerned, now: number): Promise<number> {
  const { text, values } = selection(concerned);
  const asked = await client.query(
    `INSERT INTO rejudging (case_id, asked_at) ${text} ON CONFLICT DO NOTHING`,
    [now, ...values],
  );
  return asked.rowCount ?? 0;
}
