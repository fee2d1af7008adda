import type { CaseState } from '@mingjing/rules';
import type { Queryable } from '../database.ts';

export interface SavedCase {
  state: CaseState;
  source: string;
  /** The number of the observation that changed it last. */
  seq: number;
}

const UPSERT = `
  INSERT INTO case_state (case_id, case_no, region, source, department, hall, counter, officer, matter, title, status,
                          stage, submitted_at, accepted_at, ended_at, updated_at, updated_seq, state)
  SELECT case_id, case_no, region, source, department, hall, counter, officer, matter, title, status, stage,
         to_timestamp(submitted / 1000), to_timestamp(accepted / 1000), to_timestamp(ended / 1000),
         to_timestamp(updated / 1000), seq, state::json
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::text[], $13::float8[], $14::float8[], $15::float8[],
              $16::float8[], $17::bigint[], string_to_array($18, E'\\n'))
    AS e(case_id, case_no, region, source, department, hall, counter, officer, matter, title, status, stage,
         submitted, accepted, ended, updated, seq, state)
  ON CONFLICT (case_id) DO UPDATE SET
    region = excluded.region, department = excluded.department, hall = excluded.hall, counter = excluded.counter,
    officer = excluded.officer, matter = excluded.matter, title = excluded.title, status = excluded.status,
    stage = excluded.stage, submitted_at = excluded.submitted_at, accepted_at = excluded.accepted_at,
    ended_at = excluded.ended_at, updated_at = excluded.updated_at, updated_seq = excluded.updated_seq,
    state = excluded.state`;

/** Writes the folded state of cases, and the columns that lists ask for. */
export async function saveCases(db: Queryable, cases: SavedCase[]): Promise<void> {
  if (cases.length === 0) return;
  const column = <T>(pick: (saved: SavedCase) => T) => cases.map(pick);
  await db.query({
    name: 'save-cases',
    text: UPSERT,
    values: [
      column(({ state }) => state.caseId),
      column(({ state }) => state.caseNo),
      column(({ state }) => state.region),
      column(({ source }) => source),
      column(({ state }) => state.department),
      column(({ state }) => state.hall),
      column(({ state }) => state.counter),
      column(({ state }) => state.officer),
      column(({ state }) => state.matter),
      column(({ state }) => state.title),
      column(({ state }) => state.status),
      column(({ state }) => state.stage),
      column(({ state }) => state.submittedAt),
      column(({ state }) => state.acceptedAt),
      column(({ state }) => state.endedAt),
      column(({ state }) => state.lastEventAt),
      column(({ seq }) => seq),
      column(({ state }) => JSON.stringify(state)).join('\n'),
    ],
  });
}
