import type { ClockProjection, RungProjection } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

export interface SavedClock {
  caseId: string;
  clock: ClockProjection;
  rungs: RungProjection[];
  /** When the case must be looked at again, ms since the epoch. */
  nextAt: number | null;
}

const UPSERT = `
  INSERT INTO clock (clock_id, case_id, level, started_at, ended_at, due_at, due_date, suspended, provisional, next_at,
                     projection, rungs)
  SELECT clock_id, case_id, level, to_timestamp(started / 1000), to_timestamp(ended / 1000), to_timestamp(due / 1000),
         due_date, suspended, provisional, to_timestamp(next / 1000), projection::json, rungs::json
  FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::float8[], $6::date[], $7::boolean[],
              $8::boolean[], $9::float8[], string_to_array($10, E'\\n'), string_to_array($11, E'\\n'), $12::text[])
    AS e(clock_id, case_id, started, ended, due, due_date, suspended, provisional, next, projection, rungs, level)
  ON CONFLICT (clock_id) DO UPDATE SET
    started_at = excluded.started_at, ended_at = excluded.ended_at, due_at = excluded.due_at,
    due_date = excluded.due_date, suspended = excluded.suspended, provisional = excluded.provisional,
    next_at = excluded.next_at, projection = excluded.projection, rungs = excluded.rungs`;

/** Writes the projections of clocks. The budget and its ledger stay in the case's state. */
export async function saveClocks(db: Queryable, clocks: SavedClock[]): Promise<void> {
  if (clocks.length === 0) return;
  const column = <T>(pick: (saved: SavedClock) => T) => clocks.map(pick);
  await db.query({
    name: 'save-clocks',
    text: UPSERT,
    values: [
      column(({ clock }) => clock.clockId),
      column(({ caseId }) => caseId),
      column(({ clock }) => clock.startedAt),
      column(({ clock }) => clock.endedAt),
      column(({ clock }) => clock.dueAt),
      column(({ clock }) => clock.dueDate),
      column(({ clock }) => clock.suspended),
      column(({ clock }) => clock.provisional),
      column(({ nextAt }) => nextAt),
      column(({ clock }) => JSON.stringify(clock)).join('\n'),
      column(({ rungs }) => JSON.stringify(rungs)).join('\n'),
      column(({ clock }) => clock.level),
    ],
  });
}
